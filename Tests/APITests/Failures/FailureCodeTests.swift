import Testing

@testable import API

/// The numbers that clients match on.
struct FailureCodeTests {
    @Test func areTheDocumentedCodes() {
        let documented = [
            400_100, 400_101, 400_102, 400_103, 400_104, 400_105, 400_106, 403_100, 404_100, 404_101, 404_102, 404_103,
            405_100, 408_100, 409_100, 409_101, 409_102, 412_100, 413_100, 414_100, 415_100, 421_100, 422_100, 429_100,
            431_100, 500_100, 502_100, 503_100, 503_101, 503_102, 503_103, 504_100,
        ]
        #expect(FailureCode.allCases.map(\.rawValue).sorted() == documented)
    }

    @Test(arguments: FailureSample.failures)
    func everyFailureHasItsCode(sample: FailureSample) {
        #expect(sample.failure.code.rawValue == sample.code)
    }

    /// A code that only nginx answers with has a message but no failure.
    @Test func everyCodeBelongsToAFailureOrToNginx() {
        let codes = Set(FailureSample.failures.map(\.failure.code))
        #expect(Set(FailureCode.allCases).subtracting(codes) == [.tooManyRequests, .noWorker, .hostRefused])
    }

    @Test(arguments: FailureCode.allCases)
    func beginsWithItsStatus(code: FailureCode) {
        #expect(String(code.rawValue).hasPrefix(String(code.status)))
        #expect((400...599).contains(code.status))
        #expect(code.rawValue == code.status * 1000 + code.rawValue % 1000)
    }

    @Test(arguments: FailureCode.allCases)
    func hasARetryTimeExactlyIfTheServiceIsUnavailable(code: FailureCode) {
        #expect((code.retryAfter != nil) == (code.status == 503))
        #expect((code.retryAfter ?? 1) > 0)
    }
}
