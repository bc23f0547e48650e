public import Works

/// Why the store did not do what it was asked.
///
/// The errors of Redis end here.
public enum StoreError: Error, Equatable, Sendable {
    // What was asked for.
    case noSuchWork(WorkID)
    case workDeleted(WorkID)
    case noSuchRun(RunID)
    case runIDTaken(RunID)
    case refused(Refusal)
    /// The object does not have the required version.
    case versionMismatch
    /// Other changes to the same object came first, too many times in a row.
    case contention
    /// The idempotency key was used with another body.
    case keyReused
    /// The cursor is not one of ours, or belongs to another list.
    case cursorInvalid
    /// The items of the page are larger than a page may be.
    case pageTooLarge(mebibytesMax: Int)

    // The state of the store; nothing happened, unless stated otherwise.
    case unreachable
    /// This Redis cannot be the store.
    case unfit(Unfitness)
    /// It is out of memory, or cannot write to its disk; with Redis's words.
    case full(String)
    /// It did not answer in time: a write may or may not have happened.
    case silent
    /// Too many commands wait for it.
    case overloaded
    /// Redis refused a command, because of a permission or a key's type, or for a reason of its own; with its words.
    case rejected(String)
    /// The stored data, or a reply from Redis, is invalid.
    case damaged
}

extension StoreError: CustomStringConvertible {
    /// For operators and logs; what clients read is worded elsewhere.
    public var description: String {
        switch self {
        case .noSuchWork(let id): "the work \(id) does not exist"
        case .workDeleted(let id): "the work \(id) is in the trash"
        case .noSuchRun(let id): "the task \(id) does not exist"
        case .runIDTaken(let id): "the task \(id) already exists"
        case .refused: "what was sent is not acceptable"
        case .versionMismatch: "the object has another version"
        case .contention: "too many concurrent changes; try again"
        case .keyReused: "the idempotency key was used with another body"
        case .cursorInvalid: "the cursor is not valid here"
        case .pageTooLarge(let max): "the page is larger than \(max) MiB"
        case .unreachable: "the store cannot be reached"
        case .unfit(let unfitness): unfitness.description
        case .full(let words): "the store is full, or cannot write to its disk: \(words)"
        case .silent: "the store did not answer in time"
        case .overloaded: "too many commands are waiting for the store"
        case .rejected(let words): "Redis refused a command: \(words)"
        case .damaged: "the stored data, or a reply of Redis, is not valid; see worksctl verify"
        }
    }
}

/// Returns the value, and turns the domain's refusal into a ``StoreError``.
func accepted<Value>(_ value: @autoclosure () throws(Refusal) -> Value) throws(StoreError) -> Value {
    do throws(Refusal) {
        return try value()
    } catch {
        throw .refused(error)
    }
}
