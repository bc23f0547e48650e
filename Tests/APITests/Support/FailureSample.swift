import HTTP
import JSON
import Testing
import Works

@testable import API

/// A failure, the code that it has to have, and what its message must contain in either language.
struct FailureSample: Sendable, CustomTestStringConvertible {
    let failure: Failure
    let code: Int
    var holds: [String] = []

    var testDescription: String { "\(failure)" }

    /// Every case, and every reason that a case can carry.
    static let failures: [FailureSample] = bodies + fields + parameters + requests + objects + states

    private static let bodies: [FailureSample] = [
        FailureSample(failure: .bodyMalformed(.empty), code: 400_100, holds: ["JSON"]),
        FailureSample(failure: .bodyMalformed(.notUTF8), code: 400_100, holds: ["UTF-8"]),
        FailureSample(failure: .bodyMalformed(.notAnObject), code: 400_100, holds: ["JSON"]),
        FailureSample(failure: .bodyMalformed(.tooDeep(max: 32)), code: 400_100, holds: ["32"]),
        FailureSample(failure: .bodyMalformed(.tooManyValues(max: 4096)), code: 400_100, holds: ["4096"]),
        FailureSample(failure: .bodyMalformed(.repeatedKey), code: 400_100),
        FailureSample(failure: .bodyMalformed(.nulInKey), code: 400_100, holds: ["U+0000"]),
        FailureSample(failure: .bodyMalformed(.numberOutOfRange), code: 400_100, holds: ["64"]),
        FailureSample(
            failure: .bodyMalformed(.malformed(line: 3, column: 14)),
            code: 400_100,
            holds: ["3", "14", "JSON"]
        ),
    ]

    private static let fields: [FailureSample] =
        reasons.map { reason, holds in
            FailureSample(
                failure: .refused(.field("some_field", reason)),
                code: 400_101,
                holds: ["'some_field'"] + holds
            )
        } + [
            FailureSample(failure: .refused(.unknownField("colour", accepted: [])), code: 400_102, holds: ["'colour'"]),
            FailureSample(
                failure: .refused(.unknownField("colour", accepted: ["name", "status"])),
                code: 400_102,
                holds: ["'colour'", "name, status"]
            ),
            FailureSample(failure: .refused(.readOnlyField("type")), code: 400_102, holds: ["'type'"]),
        ]

    private static let parameters: [FailureSample] =
        reasons.map { reason, holds in
            FailureSample(
                failure: .parameterRefused("some_parameter", reason),
                code: 400_103,
                holds: ["'some_parameter'"] + holds
            )
        } + [
            FailureSample(failure: .parameterUnknown("page", accepted: []), code: 400_103, holds: ["'page'"]),
            FailureSample(
                failure: .parameterUnknown("page", accepted: ["limit", "offset"]),
                code: 400_103,
                holds: ["'page'", "limit, offset"]
            ),
            FailureSample(failure: .parameterRepeated("limit"), code: 400_103, holds: ["'limit'"]),
            FailureSample(
                failure: .parameterExcluded("order", by: "offset"),
                code: 400_103,
                holds: ["'order'", "'offset'"]
            ),
            FailureSample(failure: .offsetTooDeep(itemsMax: 10_000), code: 400_103, holds: ["10000", "'cursor'"]),
            FailureSample(failure: .pageTooLarge(mebibytesMax: 8), code: 400_103, holds: ["'limit'", "8 MiB"]),
            FailureSample(failure: .queryMalformed, code: 400_103, holds: ["UTF-8", "%"]),
        ]

    private static let reasons: [(Refusal.Reason, [String])] = [
        (.required(.text(1...128)), ["1", "128"]),
        (.required(.text(0...4096)), ["null", "0", "4096"]),
        (.required(.status), ["0", "7"]),
        (.mustNotBeCleared(.text(1...255)), ["1", "255"]),
        (.mustNotBeCleared(.time), ["ISO 8601"]),
        (.not(.text(0...4096)), ["0", "4096"]),
        (.not(.oneOf(["STREAMING", "BATCH"])), ["STREAMING", "BATCH"]),
        (.not(.integer(0...1000)), ["0", "1000"]),
        (.not(.status), ["0", "7"]),
        (.not(.time), ["ISO 8601", "2021-12-01T16:53:34Z"]),
        (.not(.identifier), ["1", "64", "A-Z", "a-z", "0-9", "_", "-"]),
        (.not(.extraParams), ["256", "4096"]),
        (.not(.tasks), []),
        (.not(.list(.integer(0...7))), ["0", "7"]),
        (.not(.list(.oneOf(["once", "daily"]))), ["once", "daily"]),
        (.blank(.text(1...77)), ["1", "77"]),
        (.tooLong(max: 4096), ["4096"]),
        (.holdsNUL, ["U+0000"]),
        (.tooMany(max: 256), ["256"]),
        (.inTheFuture, ["5"]),
        (.before("started_at"), ["'started_at'"]),
        (.after("ended_at"), ["'ended_at'"]),
        (.repeated, []),
    ]

    private static let requests: [FailureSample] = [
        FailureSample(failure: .idMalformed("work_id"), code: 400_104, holds: ["'work_id'", "64", "A-Z"]),
        FailureSample(failure: .idMalformed("task_id"), code: 400_104, holds: ["'task_id'", "64", "A-Z"]),
        FailureSample(
            failure: .idempotencyKeyMalformed,
            code: 400_105,
            holds: ["'Idempotency-Key'", "255", "ASCII"]
        ),
        FailureSample(
            failure: .requestMalformed(.bodyLengthUnclear),
            code: 400_105,
            holds: ["'Content-Length'", "'Transfer-Encoding: chunked'"]
        ),
        FailureSample(failure: .requestMalformed(.headerMalformed), code: 400_105),
        FailureSample(failure: .requestMalformed(.hostRepeated), code: 400_105, holds: ["'Host'"]),
        FailureSample(failure: .requestMalformed(.targetMalformed), code: 400_105, holds: ["'/'"]),
        FailureSample(failure: .cursorInvalid, code: 400_106, holds: ["'cursor'", "'Link'"]),
        FailureSample(failure: .originRefused, code: 403_100, holds: ["WORKS_ORIGINS"]),
        FailureSample(failure: .methodNotAllowed(allowed: [.get]), code: 405_100, holds: ["'Allow'"]),
        FailureSample(failure: .requestTimedOut, code: 408_100, holds: ["60"]),
        FailureSample(failure: .bodyTooLarge, code: 413_100, holds: ["1 MiB", "64 KiB"]),
        FailureSample(failure: .targetTooLong, code: 414_100, holds: ["8 KiB"]),
        FailureSample(failure: .mediaTypeRefused, code: 415_100, holds: ["multipart", "application/json"]),
        FailureSample(failure: .contentEncodingRefused, code: 415_100, holds: ["'Content-Encoding'", "'identity'"]),
        FailureSample(failure: .headersTooLarge, code: 431_100, holds: ["32 KiB"]),
    ]

    private static let objects: [FailureSample] = [
        FailureSample(failure: .noRoute, code: 404_100, holds: ["/openapi.json"]),
        FailureSample(failure: .noSuchWork(.sample), code: 404_101, holds: ["'id-1'", "work_id"]),
        FailureSample(failure: .workDeleted(.sample), code: 404_102, holds: ["'id-1'", "/api/v1/works/id-1/restore"]),
        FailureSample(failure: .noSuchRun(.sample), code: 404_103, holds: ["'id-1'", "task_id"]),
        FailureSample(failure: .runIDTaken(.sample), code: 409_100, holds: ["'id-1'", "task_id"]),
        FailureSample(failure: .refused(.runOver(.sample)), code: 409_101, holds: ["'id-1'", "'ended_at'"]),
        FailureSample(failure: .contention, code: 409_102),
        FailureSample(failure: .versionMismatch, code: 412_100, holds: ["'If-Match'", "'ETag'"]),
        FailureSample(failure: .idempotencyKeyReused, code: 422_100, holds: ["'Idempotency-Key'", "24"]),
    ]

    private static let states: [FailureSample] = [
        FailureSample(failure: .internalError("NOPERM hush"), code: 500_100, holds: ["'X-Request-Id'"]),
        FailureSample(failure: .storageUnreachable, code: 503_100),
        FailureSample(failure: .storageFull, code: 503_101),
        FailureSample(failure: .draining, code: 503_102),
        FailureSample(failure: .overloaded, code: 503_103),
        FailureSample(failure: .storageSilent, code: 504_100),
    ]
}

extension Identifier {
    fileprivate static var sample: Self {
        Self("id-1")!
    }
}
