import CHiredis

/// hiredis's parser, made to write what it reads straight into a ``ReplyBuilder``.
///
/// By default it makes two allocations per element, to be copied and freed again: for a hash of 13 fields, that is more
/// work than the rest of the request. Its hooks pass every element to us as it is parsed.
///
/// hiredis uses a hook's result as a `redisReply` in one case only: when a reply arrives that no command waits for. An
/// error reply then ends the connection, which is right, but any other trips an assertion. So the one object that
/// represents every reply claims to be an error, and a server that sends an unasked reply only loses its connection.
final class ReplyReader {
    /// Lives at a fixed address, which the parser passes to each hook.
    fileprivate struct State: ~Copyable {
        var header: redisReply
        var builder = ReplyBuilder()
        /// The header's text when the reply is an error, cut to the length that hiredis keeps.
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

    /// How many arrays may be inside each other: as many as in hiredis 0.14; later versions have no bound.
    static let depthMax = 8

    /// Returns the reply that the parser has just completed, or only the values of `fields`, if given.
    func finish(_ fields: HashFields? = nil) -> Reply {
        if let fields { state.pointee.builder.arrange(by: fields) }
        return state.pointee.builder.finish()
    }
}

extension ReplyReader.State {
    static let errorTextRoom = 128
    private static let unasked: StaticString = "Redis sent a reply to no command"

    /// The index of the node for the element that the parser is at; for the outermost one, begins a new reply.
    @inline(__always)
    mutating func index(of task: UnsafePointer<redisReadTask>) -> Int {
        guard let parent = task.pointee.parent else {
            header.str = UnsafeMutableRawPointer(mutating: Self.unasked.utf8Start).assumingMemoryBound(to: CChar.self)
            builder.begin()
            return 0
        }
        let isInOutermost = parent.pointee.parent == nil
        return builder.index(
            ofElement: Int(task.pointee.idx),
            in: isInOutermost ? 0 : Int(bitPattern: parent.pointee.obj)
        )
    }

    mutating func keep(errorText text: UnsafeRawBufferPointer) {
        let count = min(text.count, Self.errorTextRoom - 1)
        if let start = text.baseAddress { UnsafeMutableRawPointer(errorText).copyMemory(from: start, byteCount: count) }
        errorText[count] = 0
        header.str = errorText
    }
}

// MARK: Hooks

/// What a hook returns for an element: its node's index, or the header for the outermost one.
///
/// Null would mean "out of memory".
private func object(_ state: UnsafeMutablePointer<ReplyReader.State>, _ index: Int) -> UnsafeMutableRawPointer? {
    index == 0 ? UnsafeMutableRawPointer(state) : UnsafeMutableRawPointer(bitPattern: index)
}

private func state(of task: UnsafePointer<redisReadTask>) -> UnsafeMutablePointer<ReplyReader.State> {
    task.pointee.privdata.assumingMemoryBound(to: ReplyReader.State.self)
}

/// How many arrays the element is in.
private func depth(of task: UnsafePointer<redisReadTask>) -> Int {
    var depth = 0
    var outer = task.pointee.parent
    while let task = outer {
        depth += 1
        outer = task.pointee.parent
    }
    return depth
}

/// Called for each bulk string, status and error; later versions of hiredis call it for two kinds of RESP3 as well.
private func text(
    _ task: UnsafePointer<redisReadTask>?,
    _ start: UnsafeMutablePointer<CChar>?,
    _ count: Int
) -> UnsafeMutableRawPointer? {
    let task = argument(task)
    let state = state(of: task)
    let index = state.pointee.index(of: task)
    let isError = task.pointee.type == REDIS_REPLY_ERROR
    guard isError || task.pointee.type == REDIS_REPLY_STRING || task.pointee.type == REDIS_REPLY_STATUS else {
        return nil
    }
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    if isError && index == 0 { state.pointee.keep(errorText: bytes) }
    guard state.pointee.builder.put(isError ? .error : .text, bytes, at: index) else { return nil }
    return object(state, index)
}

/// Called for each array, before its elements; later versions of hiredis call it for the containers of RESP3 as well.
private func array(_ task: UnsafePointer<redisReadTask>?, _ count: works_redis_count) -> UnsafeMutableRawPointer? {
    let task = argument(task)
    guard task.pointee.type == REDIS_REPLY_ARRAY, depth(of: task) < ReplyReader.depthMax else { return nil }
    let state = state(of: task)
    let index = state.pointee.index(of: task)
    guard state.pointee.builder.putArray(count: Int(count), at: index) else { return nil }
    return object(state, index)
}

/// Called for each integer.
private func integer(_ task: UnsafePointer<redisReadTask>?, _ value: Int64) -> UnsafeMutableRawPointer? {
    let task = argument(task)
    let state = state(of: task)
    let index = state.pointee.index(of: task)
    state.pointee.builder.put(Int(value), at: index)
    return object(state, index)
}

/// Called for each null, of either kind.
private func null(_ task: UnsafePointer<redisReadTask>?) -> UnsafeMutableRawPointer? {
    let task = argument(task)
    let state = state(of: task)
    let index = state.pointee.index(of: task)
    state.pointee.builder.putNull(at: index)
    return object(state, index)
}

/// Called when hiredis is done with a reply, even after ``ReplyReader`` is freed; frees nothing.
private func free(_: UnsafeMutableRawPointer?) {}

/// Never freed, because hiredis keeps the address for as long as it has a parser.
///
/// `nonisolated(unsafe)`: a pointer is not `Sendable`, but what this one points to is written once, before it is handed
/// out, and only read from then on.
nonisolated(unsafe) private let hooks: UnsafeMutablePointer<redisReplyObjectFunctions> = {
    let hooks = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
    hooks.initialize(to: redisReplyObjectFunctions())
    hooks.pointee.createString = text
    hooks.pointee.createArray = array
    hooks.pointee.createInteger = integer
    hooks.pointee.createNil = null
    hooks.pointee.freeObject = free
    works_redis_refuse_resp3(hooks)
    return hooks
}()
