extension Failure {
    /// The numbers that clients match on.
    ///
    /// The first three digits are the HTTP status.
    package enum Code: Int, CaseIterable, Sendable {
        case bodyMalformed = 400_100
        case fieldRefused = 400_101
        case fieldNotSettable = 400_102
        case parameterRefused = 400_103
        case idMalformed = 400_104
        case requestMalformed = 400_105
        case cursorInvalid = 400_106
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
        case idempotencyKeyReused = 422_100
        case tooManyRequests = 429_100
        case headersTooLarge = 431_100
        case internalError = 500_100
        case noWorker = 502_100
        case storageUnreachable = 503_100
        case storageFull = 503_101
        case draining = 503_102
        case overloaded = 503_103
        case storageSilent = 504_100

        /// The HTTP status.
        package var status: Int {
            rawValue / 1000
        }

        /// The seconds after which a client may try again, where waiting helps and the request was not carried out.
        package var retryAfter: Int? {
            switch self {
            case .storageUnreachable, .draining, .overloaded: 1
            case .storageFull: 30
            case .bodyMalformed, .fieldRefused, .fieldNotSettable, .parameterRefused, .idMalformed, .requestMalformed,
                .cursorInvalid, .noRoute, .noSuchWork, .workDeleted, .noSuchRun, .methodNotAllowed, .requestTimedOut,
                .runIDTaken, .runOver, .contention, .versionMismatch, .bodyTooLarge, .targetTooLong, .mediaTypeRefused,
                .idempotencyKeyReused, .tooManyRequests, .headersTooLarge, .internalError, .noWorker, .storageSilent:
                nil
            }
        }
    }

    package var code: Code {
        switch self {
        case .bodyMalformed: .bodyMalformed
        case .fieldRefused: .fieldRefused
        case .fieldUnknown, .fieldReadOnly: .fieldNotSettable
        case .parameterRefused, .parameterUnknown, .parameterRepeated, .queryMalformed: .parameterRefused
        case .idMalformed: .idMalformed
        case .requestMalformed: .requestMalformed
        case .cursorInvalid: .cursorInvalid
        case .bodyTooLarge: .bodyTooLarge
        case .targetTooLong: .targetTooLong
        case .mediaTypeRefused: .mediaTypeRefused
        case .headersTooLarge: .headersTooLarge
        case .requestTimedOut: .requestTimedOut
        case .noRoute: .noRoute
        case .noSuchWork: .noSuchWork
        case .workDeleted: .workDeleted
        case .noSuchRun: .noSuchRun
        case .methodNotAllowed: .methodNotAllowed
        case .runIDTaken: .runIDTaken
        case .runOver: .runOver
        case .contention: .contention
        case .versionMismatch: .versionMismatch
        case .idempotencyKeyReused: .idempotencyKeyReused
        case .tooManyRequests: .tooManyRequests
        case .internalError: .internalError
        case .noWorker: .noWorker
        case .storageUnreachable: .storageUnreachable
        case .storageFull: .storageFull
        case .draining: .draining
        case .overloaded: .overloaded
        case .storageSilent: .storageSilent
        }
    }
}
