/// Builds a reply while the parser reads its elements.
///
/// An array's size is known before its elements, so their nodes get consecutive indices in the table as soon as the
/// array is read; that makes ``Reply``'s subscript a single step. The memory is kept from one reply to the next.
struct ReplyBuilder: ~Copyable {
    private var bytes = Region<UInt8>(capacity: bytesKeptMax)
    private var nodes = Region<Reply.Node>(capacity: nodesKeptMax)
    /// The index of the array of wanted values, if the reply is a hash and only some of its fields are wanted.
    private var wanted: Int?

    /// Begins a new reply, whose outermost element has index 0.
    mutating func begin() {
        nodes.extend(by: 1).initialize(to: .null)
    }

    /// Sets a node to a text or an error; returns false if the reply exceeds its bound.
    @inline(__always)
    mutating func put(_ kind: Reply.Node.Kind, _ text: UnsafeRawBufferPointer, at index: Int) -> Bool {
        guard text.count <= Self.bytesMax - bytes.count else { return false }
        nodes.start[index] = Reply.Node(kind: kind, count: Int32(truncatingIfNeeded: text.count), value: bytes.count)
        let room = UnsafeMutableRawPointer(bytes.extend(by: text.count))
        if let start = text.baseAddress { room.copyMemory(from: start, byteCount: text.count) }
        return true
    }

    mutating func put(_ integer: Int, at index: Int) {
        nodes.start[index] = Reply.Node(kind: .integer, count: 0, value: integer)
    }

    mutating func putNull(at index: Int) {
        nodes.start[index] = .null
    }

    /// Sets a node to an array and adds nodes for its elements; returns false if the reply exceeds its bound.
    mutating func putArray(count: Int, at index: Int) -> Bool {
        guard count >= 0, count <= Self.nodesMax - nodes.count else { return false }
        nodes.start[index] = Reply.Node(kind: .array, count: Int32(count), value: nodes.count - index)
        nodes.extend(by: count).initialize(repeating: .null, count: count)
        return true
    }

    /// The index of an element's node, by its number in the array whose node is at `array`.
    func index(ofElement number: Int, in array: Int) -> Int {
        array + nodes.start[array].value + number
    }

    /// Turns an HGETALL reply (names and values alternating) into the values of `fields`, in their order.
    ///
    /// A missing field becomes null. A reply that is not an array is left unchanged.
    mutating func arrange(by fields: HashFields) {
        guard nodes.start[0].kind == .array else { return }
        let count = Int(nodes.start[0].count)
        wanted = nodes.count
        let array = nodes.extend(by: 1 + fields.count)
        array.initialize(to: Reply.Node(kind: .array, count: Int32(fields.count), value: 1))
        let values = array + 1
        values.initialize(repeating: .null, count: fields.count)
        // Redis returns a small hash in the order in which it was written, so most names come in the order of `fields`.
        var expected = 0
        for index in stride(from: 1, to: count, by: 2) where nodes.start[index].kind == .text {
            let (name, value) = (nodes.start[index], nodes.start[index + 1])
            let text = UnsafeRawBufferPointer(start: bytes.start + name.value, count: Int(name.count))
            guard value.kind == .text, let field = fields.index(of: text, expected: expected) else { continue }
            values[field] = value
            expected = field + 1
        }
    }

    /// Returns the finished reply, and prepares for the next.
    mutating func finish() -> Reply {
        defer {
            bytes.removeAll(keeping: Self.bytesKeptMax)
            nodes.removeAll(keeping: Self.nodesKeptMax)
            wanted = nil
        }
        if let wanted { return values(from: wanted) }
        let (texts, table) = (bytes.bytes, nodes.bytes)
        let block = [UInt8](unsafeUninitializedCapacity: texts.count + table.count) { room, count in
            let room = UnsafeMutableRawBufferPointer(room)
            room.copyMemory(from: texts)
            UnsafeMutableRawBufferPointer(rebasing: room[texts.count...]).copyMemory(from: table)
            count = texts.count + table.count
        }
        return Reply(block, at: texts.count)
    }

    /// The array whose node is at `root`, the last in the table, with only its own texts.
    private func values(from root: Int) -> Reply {
        let table = UnsafeMutableBufferPointer(start: nodes.start + root, count: nodes.count - root)
        let textByteCount = table.reduce(0) { $0 + ($1.kind == .text ? Int($1.count) : 0) }
        let size = textByteCount + table.count * Reply.Node.stride
        let block = [UInt8](unsafeUninitializedCapacity: size) { room, count in
            let room = UnsafeMutableRawBufferPointer(room)
            var end = 0
            for index in table.indices where table[index].kind == .text {
                let text = UnsafeRawBufferPointer(
                    start: bytes.start + table[index].value,
                    count: Int(table[index].count)
                )
                UnsafeMutableRawBufferPointer(rebasing: room[end...]).copyMemory(from: text)
                table[index].value = end
                end += text.count
            }
            UnsafeMutableRawBufferPointer(rebasing: room[end...]).copyMemory(from: UnsafeRawBufferPointer(table))
            count = size
        }
        return Reply(block, at: textByteCount)
    }

    /// No reply to our commands comes near these bounds; they keep a malformed reply from exhausting memory.
    static let nodesMax = 1 << 20
    static let bytesMax = 1 << 28
    private static let nodesKeptMax = 1 << 12
    private static let bytesKeptMax = 1 << 16
}
