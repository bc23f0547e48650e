package import JSON

/// Everything that the API can refuse: the one list of what a client may be told.
///
/// Each case has a code that clients match on and a text in each language; the texts are in `Messages…`.
package enum Failure: Error, Equatable, Sendable {
    // What was sent.
    case bodyMalformed(BodyComplaint)
    /// The name of the field.
    case fieldRefused(String, Complaint)
    case fieldUnknown(String, accepted: [String] = [])
    case fieldReadOnly(String)
    /// The name of the parameter.
    case parameterRefused(String, Complaint)
    case parameterUnknown(String, accepted: [String] = [])
    case parameterRepeated(String)
    case queryMalformed
    /// The name of the place in the path: `work_id` or `task_id`.
    case idMalformed(String)
    case requestMalformed(RequestComplaint)
    case cursorInvalid
    case bodyTooLarge
    case targetTooLong
    case mediaTypeRefused
    case headersTooLarge
    case requestTimedOut

    // What was asked for.
    case noRoute
    case noSuchWork(WorkID)
    case workDeleted(WorkID)
    case noSuchRun(RunID)
    case methodNotAllowed
    case runIDTaken(RunID)
    case runOver(RunID)
    case contention
    case versionMismatch
    case idempotencyKeyReused

    // The state of the service.
    case tooManyRequests
    case internalError
    case noWorker
    case storageUnreachable
    case storageFull
    case draining
    case overloaded
    case storageSilent

    /// The refusal of a body that is not the object it must be.
    package init(_ error: JSONError) {
        self = .bodyMalformed(BodyComplaint(error))
    }
}
