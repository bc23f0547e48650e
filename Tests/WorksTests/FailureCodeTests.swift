import JSON
import Testing
import Works

/// The numbers that clients match on.
struct FailureCodeTests {
    @Test func theCatalogueIsWhatIsDocumented() {
        let documented = [
            400_100, 400_101, 400_102, 400_103, 400_104, 400_105, 400_106, 404_100, 404_101, 404_102, 404_103, 405_100,
            408_100, 409_100, 409_101, 409_102, 412_100, 413_100, 414_100, 415_100, 422_100, 429_100, 431_100, 500_100,
            502_100, 503_100, 503_101, 503_102, 503_103, 504_100,
        ]
        #expect(Failure.Code.allCases.map(\.rawValue).sorted() == documented)
    }

    @Test(arguments: FailureSample.failures)
    func everyFailureHasItsCode(sample: FailureSample) {
        #expect(sample.failure.code.rawValue == sample.code)
    }

    @Test func everyCodeBelongsToAFailure() {
        #expect(Set(FailureSample.failures.map(\.failure.code)) == Set(Failure.Code.allCases))
    }

    @Test(arguments: Failure.Code.allCases)
    func beginsWithItsStatus(code: Failure.Code) {
        #expect(String(code.rawValue).hasPrefix(String(code.status)))
        #expect((400...599).contains(code.status))
        #expect(code.rawValue == code.status * 1000 + code.rawValue % 1000)
    }

    @Test(arguments: Failure.Code.allCases)
    func saysWhenToTryAgainExactlyWhereTheServiceIsUnavailable(code: Failure.Code) {
        #expect((code.retryAfter != nil) == (code.status == 503))
        #expect((code.retryAfter ?? 1) > 0)
    }

    @Test(
        arguments: [
            (.empty, .empty),
            (.notUTF8, .notUTF8),
            (.notAnObject, .notAnObject),
            (.tooDeep(max: 32), .tooDeep(max: 32)),
            (.repeatedKey, .repeatedKey),
            (.nulInKey, .nulInKey),
            (.numberOutOfRange, .numberOutOfRange),
            (.malformed(line: 3, column: 14), .malformed(line: 3, column: 14)),
        ] as [(JSONError, BodyComplaint)]
    )
    func aBodyThatCannotBeReadIsMalformed(error: JSONError, complaint: BodyComplaint) {
        #expect(Failure(error) == .bodyMalformed(complaint))
    }
}
