/// Puts a reply together as the parser meets its elements.
///
/// An array's size is known before its elements, so their nodes get consecutive places as soon as the array is met;
/// that is what makes ``Reply``'s subscript a single step. The buffers are kept from one reply to the next.
struct ReplyBuilder {
    private var bytes: [UInt8] = []
    private var nodes: [Reply.Node] = []

    /// Begins a new reply, whose outermost element has place 0.
    mutating func begin() {
        bytes.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
        nodes.append(.null)
    }

    /// Puts a text or an error at a place; false if the reply grows beyond its bound.
    mutating func put(_ kind: Reply.Node.Kind, _ text: UnsafeRawBufferPointer, at place: Int) -> Bool {
        guard bytes.count + text.count <= Self.bytesMax else { return false }
        nodes[place] = Reply.Node(kind: kind, count: Int32(text.count), value: bytes.count)
        bytes.append(contentsOf: text)
        return true
    }

    mutating func put(_ integer: Int, at place: Int) {
        nodes[place] = Reply.Node(kind: .integer, count: 0, value: integer)
    }

    mutating func putNull(at place: Int) {
        nodes[place] = .null
    }

    /// Puts an array at a place and makes room for its elements; false if the reply grows beyond its bound.
    mutating func putArray(count: Int, at place: Int) -> Bool {
        guard count <= Self.nodesMax - nodes.count else { return false }
        nodes[place] = Reply.Node(kind: .array, count: Int32(count), value: nodes.count - place)
        nodes.append(contentsOf: repeatElement(.null, count: count))
        return true
    }

    /// The place of an element of the array at `place`.
    func place(ofElement index: Int, in place: Int) -> Int {
        place + nodes[place].value + index
    }

    /// Hands out the finished reply.
    mutating func take() -> Reply {
        let size = bytes.count + nodes.count * Reply.Node.stride
        let block = [UInt8](unsafeUninitializedCapacity: size) { room, count in
            let room = UnsafeMutableRawBufferPointer(room)
            bytes.withUnsafeBytes { room.copyMemory(from: $0) }
            nodes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: room[bytes.count...]).copyMemory(from: $0) }
            count = size
        }
        let reply = Reply(block, at: bytes.count)
        if bytes.capacity > Self.bytesKeptMax { bytes = [] }
        if nodes.capacity > Self.nodesKeptMax { nodes = [] }
        return reply
    }

    /// No reply that we ask for comes near these; they keep a wrong one from taking all memory.
    static let nodesMax = 1 << 20
    static let bytesMax = 1 << 28
    private static let nodesKeptMax = 1 << 12
    private static let bytesKeptMax = 1 << 16
}
