import CHiredis

/// hiredis's parser, told to write what it reads straight into a ``ReplyBuilder``.
///
/// Left to itself it makes two allocations for each element, to be copied and freed again: for a hash of 13 fields that
/// is more work than all the rest of the request. Its hooks give every element to us as it is parsed.
///
/// hiredis takes what the hooks return for a `redisReply` in one place: when a reply arrives that no command waits for.
/// An error reply then ends the connection, which is right, but any other trips an assertion. So the one object that
/// stands for every reply says that it is an error, and a server that speaks out of turn costs its connection only.
final class ReplyReader {
    /// Lives at a fixed address, which the parser hands to each hook.
    fileprivate struct State: ~Copyable {
        var header: redisReply
        var builder = ReplyBuilder()
        /// The header's text when the reply is an error, cut to what hiredis keeps of it.
        let errorText: UnsafeMutablePointer<CChar>
    }

    private let state: UnsafeMutablePointer<State>

    /// Makes the parser use this object, which must outlive the last reply parsed.
    init(in reader: UnsafeMutablePointer<redisReader>) {
        var header = redisReply()
        header.type = REDIS_REPLY_ERROR
        state = .allocate(capacity: 1)
        state.initialize(to: State(header: header, errorText: .allocate(capacity: State.errorTextRoom)))
        reader.pointee.fn = UnsafeMutablePointer(hooks)
        reader.pointee.privdata = UnsafeMutableRawPointer(state)
    }

    deinit {
        state.pointee.errorText.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// The reply that the parser has just completed; if it is a hash of which `fields` are wanted, their values.
    func take(_ fields: HashFields? = nil) -> Reply {
        if let fields { state.pointee.builder.arrange(by: fields) }
        return state.pointee.builder.take()
    }
}

extension ReplyReader.State {
    static let errorTextRoom = 128
    private static let unasked: StaticString = "Redis sent a reply to no command"

    /// Where the element goes that the parser is at; for the outermost one, begins a new reply.
    @inline(__always)
    mutating func place(of task: UnsafePointer<redisReadTask>) -> Int {
        guard let parent = task.pointee.parent else {
            header.str = UnsafeMutableRawPointer(mutating: Self.unasked.utf8Start).assumingMemoryBound(to: CChar.self)
            builder.begin()
            return 0
        }
        let isInOutermost = parent.pointee.parent == nil
        return builder.place(
            ofElement: Int(task.pointee.idx),
            in: isInOutermost ? 0 : Int(bitPattern: parent.pointee.obj)
        )
    }

    mutating func keep(errorText text: UnsafeRawBufferPointer) {
        let count = min(text.count, Self.errorTextRoom - 1)
        UnsafeMutableRawPointer(errorText).copyMemory(from: text.baseAddress!, byteCount: count)
        errorText[count] = 0
        header.str = errorText
    }
}

// MARK: Hooks

/// What hiredis gets for an element: its place, or the header for the outermost.
///
/// Null would mean "out of memory".
private func object(_ state: UnsafeMutablePointer<ReplyReader.State>, _ place: Int) -> UnsafeMutableRawPointer? {
    place == 0 ? UnsafeMutableRawPointer(state) : UnsafeMutableRawPointer(bitPattern: place)
}

private func state(of task: UnsafePointer<redisReadTask>) -> UnsafeMutablePointer<ReplyReader.State> {
    task.pointee.privdata.assumingMemoryBound(to: ReplyReader.State.self)
}

/// Called for each bulk string, status and error.
private func text(
    _ task: UnsafePointer<redisReadTask>?,
    _ start: UnsafeMutablePointer<CChar>?,
    _ count: Int
) -> UnsafeMutableRawPointer? {
    let state = state(of: task!)
    let place = state.pointee.place(of: task!)
    let isError = task!.pointee.type == REDIS_REPLY_ERROR
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    if isError && place == 0 { state.pointee.keep(errorText: bytes) }
    guard state.pointee.builder.put(isError ? .error : .text, bytes, at: place) else { return nil }
    return object(state, place)
}

/// Called for each array, before its elements.
private func array(_ task: UnsafePointer<redisReadTask>?, _ count: Int32) -> UnsafeMutableRawPointer? {
    let state = state(of: task!)
    let place = state.pointee.place(of: task!)
    guard state.pointee.builder.putArray(count: Int(count), at: place) else { return nil }
    return object(state, place)
}

/// Called for each integer.
private func integer(_ task: UnsafePointer<redisReadTask>?, _ value: Int64) -> UnsafeMutableRawPointer? {
    let state = state(of: task!)
    let place = state.pointee.place(of: task!)
    state.pointee.builder.put(Int(value), at: place)
    return object(state, place)
}

/// Called for each null, of either kind.
private func null(_ task: UnsafePointer<redisReadTask>?) -> UnsafeMutableRawPointer? {
    let state = state(of: task!)
    let place = state.pointee.place(of: task!)
    state.pointee.builder.putNull(at: place)
    return object(state, place)
}

/// Called when hiredis is done with a reply, also after ``ReplyReader`` is gone: there is nothing to free.
private func free(_: UnsafeMutableRawPointer?) {}

/// hiredis keeps the address for as long as it has a parser, hence for ever.
///
/// `nonisolated(unsafe)`: a pointer is not `Sendable`, but what this one points to is written once, before it is handed
/// out, and only read from then on.
nonisolated(unsafe) private let hooks: UnsafeMutablePointer<redisReplyObjectFunctions> = {
    let hooks = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
    hooks.initialize(
        to: redisReplyObjectFunctions(
            createString: text,
            createArray: array,
            createInteger: integer,
            createNil: null,
            freeObject: free
        )
    )
    return hooks
}()
