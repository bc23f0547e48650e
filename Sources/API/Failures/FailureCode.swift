import Works

/// The numbers that clients match on; the first three digits are the HTTP status.
enum FailureCode: Int, CaseIterable, Sendable {
    case bodyMalformed = 400_100
    case fieldRefused = 400_101
    case fieldNotSettable = 400_102
    case parameterRefused = 400_103
    case idMalformed = 400_104
    case requestMalformed = 400_105
    case cursorInvalid = 400_106
    case originRefused = 403_100
    case noRoute = 404_100
    case noSuchWork = 404_101
    case workDeleted = 404_102
    case noSuchRun = 404_103
    case methodNotAllowed = 405_100
    case requestTimedOut = 408_100
    case runIDTaken = 409_100
    case runOver = 409_101
    case contention = 409_102
    case versionMismatch = 412_100
    case bodyTooLarge = 413_100
    case targetTooLong = 414_100
    case mediaTypeRefused = 415_100
    /// Sent only by nginx.
    case hostRefused = 421_100
    case idempotencyKeyReused = 422_100
    /// Sent only by nginx.
    case tooManyRequests = 429_100
    case headersTooLarge = 431_100
    case internalError = 500_100
    /// Sent only by nginx.
    case noWorker = 502_100
    case storageUnreachable = 503_100
    case storageFull = 503_101
    case draining = 503_102
    case overloaded = 503_103
    case storageSilent = 504_100

    var status: Int {
        rawValue / 1000
    }

    /// The seconds after which a client may try again: set where waiting helps and the request was not carried out.
    var retryAfter: Int? {
        switch self {
        case .storageUnreachable, .draining, .overloaded: 1
        case .storageFull: 30
        case .bodyMalformed, .fieldRefused, .fieldNotSettable, .parameterRefused, .idMalformed, .requestMalformed,
            .cursorInvalid, .originRefused, .hostRefused, .noRoute, .noSuchWork, .workDeleted, .noSuchRun,
            .methodNotAllowed, .requestTimedOut, .runIDTaken, .runOver, .contention, .versionMismatch, .bodyTooLarge,
            .targetTooLong, .mediaTypeRefused, .idempotencyKeyReused, .tooManyRequests, .headersTooLarge,
            .internalError, .noWorker, .storageSilent:
            nil
        }
    }
}

extension Failure {
    var code: FailureCode {
        switch self {
        case .requestMalformed, .idempotencyKeyMalformed: .requestMalformed
        case .targetTooLong: .targetTooLong
        case .headersTooLarge: .headersTooLarge
        case .bodyTooLarge: .bodyTooLarge
        case .mediaTypeRefused, .contentEncodingRefused: .mediaTypeRefused
        case .requestTimedOut: .requestTimedOut
        case .originRefused: .originRefused
        case .noRoute: .noRoute
        case .methodNotAllowed: .methodNotAllowed
        case .idMalformed: .idMalformed
        case .queryMalformed, .parameterUnknown, .parameterRepeated, .parameterRefused, .parameterExcluded,
            .offsetTooDeep, .pageTooLarge:
            .parameterRefused
        case .cursorInvalid: .cursorInvalid
        case .bodyMalformed: .bodyMalformed
        case .refused(.field): .fieldRefused
        case .refused(.unknownField), .refused(.readOnlyField): .fieldNotSettable
        case .refused(.runOver): .runOver
        case .noSuchWork: .noSuchWork
        case .workDeleted: .workDeleted
        case .noSuchRun: .noSuchRun
        case .runIDTaken: .runIDTaken
        case .versionMismatch: .versionMismatch
        case .contention: .contention
        case .idempotencyKeyReused: .idempotencyKeyReused
        case .internalError: .internalError
        case .storageUnreachable: .storageUnreachable
        case .storageFull: .storageFull
        case .storageSilent: .storageSilent
        case .draining: .draining
        case .overloaded: .overloaded
        }
    }
}
