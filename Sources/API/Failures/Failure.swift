import HTTP
import JSON
import Loop
import Store
import Works

/// Every way in which a request can fail.
///
/// Each case has a code that clients match on, see ``code``, and a message in each language, see `Wording/`. Errors of
/// the layers below become failures only here.
enum Failure: Error, Equatable, Sendable {
    // The HTTP of a request.
    case requestMalformed(HTTPFault)
    case targetTooLong
    case headersTooLarge
    case bodyTooLarge
    case mediaTypeRefused
    case contentEncodingRefused
    case requestTimedOut
    case idempotencyKeyMalformed
    /// A page of another site sent it.
    case originRefused

    // Its path and method.
    case noRoute
    case methodNotAllowed(allowed: [Method])
    /// The name of the placeholder: `work_id` or `task_id`.
    case idMalformed(String)

    // Its query; the name of the parameter comes first.
    case queryMalformed
    case parameterUnknown(String, accepted: [String])
    case parameterRepeated(String)
    case parameterRefused(String, Refusal.Reason)
    /// It cannot be combined with the other parameter.
    case parameterExcluded(String, by: String)
    /// With several values for one filter, the page ends deeper than an offset may reach.
    case offsetTooDeep(itemsMax: Int)
    /// The items of the page are larger than an answer may be.
    case pageTooLarge(mebibytesMax: Int)
    case cursorInvalid

    // Its body.
    case bodyMalformed(JSONError)
    case refused(Refusal)

    // The work or task it is about.
    case noSuchWork(WorkID)
    case workDeleted(WorkID)
    case noSuchRun(RunID)
    case runIDTaken(RunID)
    case versionMismatch
    case contention
    case idempotencyKeyReused

    // The state of the service.
    /// With the cause, for the log alone.
    case internalError(String)
    case storageUnreachable
    case storageFull
    case storageSilent
    case draining
    case overloaded
}

extension Failure {
    init(_ error: StoreError) {
        self =
            switch error {
            case .noSuchWork(let id): .noSuchWork(id)
            case .workDeleted(let id): .workDeleted(id)
            case .noSuchRun(let id): .noSuchRun(id)
            case .runIDTaken(let id): .runIDTaken(id)
            case .refused(let refusal): .refused(refusal)
            case .versionMismatch: .versionMismatch
            case .contention: .contention
            case .keyReused: .idempotencyKeyReused
            case .cursorInvalid: .cursorInvalid
            case .pageTooLarge(let mebibytesMax): .pageTooLarge(mebibytesMax: mebibytesMax)
            case .unreachable, .unfit: .storageUnreachable
            case .full: .storageFull
            case .silent: .storageSilent
            case .overloaded: .overloaded
            case .rejected, .damaged: .internalError(error.description)
            }
    }

    init(_ fault: HTTPFault) {
        self =
            switch fault {
            case .headerMalformed, .bodyLengthUnclear, .hostRepeated, .targetMalformed: .requestMalformed(fault)
            case .targetTooLong: .targetTooLong
            case .headersTooLarge: .headersTooLarge
            case .bodyTooLarge: .bodyTooLarge
            case .overloaded: .overloaded
            }
    }
}

/// Asks the store for what it knows at once, and turns its error into a failure.
@LoopActor func asking<Answer>(_ store: @autoclosure () throws(StoreError) -> Answer) throws(Failure) -> Answer {
    do throws(StoreError) {
        return try store()
    } catch {
        throw Failure(error)
    }
}

/// Asks the store, and turns its error into a failure.
@LoopActor func asking<Answer>(
    _ store: @LoopActor @autoclosure () async throws(StoreError) -> Answer
) async throws(Failure) -> Answer {
    do throws(StoreError) {
        return try await store()
    } catch {
        throw Failure(error)
    }
}
