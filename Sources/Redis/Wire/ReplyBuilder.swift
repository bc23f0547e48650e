/// Puts a reply together as the parser meets its elements.
///
/// An array's size is known before its elements, so their nodes get consecutive places as soon as the array is met;
/// that is what makes ``Reply``'s subscript a single step. The memory is kept from one reply to the next.
struct ReplyBuilder: ~Copyable {
    private var bytes = Region<UInt8>(capacity: bytesKeptMax)
    private var nodes = Region<Reply.Node>(capacity: nodesKeptMax)
    /// Where in the table the values of a hash begin that are wanted of it; nil if all is.
    private var wanted: Int?

    /// Begins a new reply, whose outermost element has place 0.
    mutating func begin() {
        nodes.extend(by: 1).pointee = .null
    }

    /// Puts a text or an error at a place; false if the reply grows beyond its bound.
    @inline(__always)
    mutating func put(_ kind: Reply.Node.Kind, _ text: UnsafeRawBufferPointer, at place: Int) -> Bool {
        guard text.count <= Self.bytesMax - bytes.count else { return false }
        nodes.start[place] = Reply.Node(kind: kind, count: Int32(truncatingIfNeeded: text.count), value: bytes.count)
        let room = UnsafeMutableRawPointer(bytes.extend(by: text.count))
        if let start = text.baseAddress { room.copyMemory(from: start, byteCount: text.count) }
        return true
    }

    mutating func put(_ integer: Int, at place: Int) {
        nodes.start[place] = Reply.Node(kind: .integer, count: 0, value: integer)
    }

    mutating func putNull(at place: Int) {
        nodes.start[place] = .null
    }

    /// Puts an array at a place and makes room for its elements; false if the reply grows beyond its bound.
    mutating func putArray(count: Int, at place: Int) -> Bool {
        guard count >= 0, count <= Self.nodesMax - nodes.count else { return false }
        nodes.start[place] = Reply.Node(kind: .array, count: Int32(count), value: nodes.count - place)
        nodes.extend(by: count).update(repeating: .null, count: count)
        return true
    }

    /// The place of an element of the array at `place`.
    func place(ofElement index: Int, in place: Int) -> Int {
        place + nodes.start[place].value + index
    }

    /// Makes of a hash, which has come as names and values by turns, the values of these fields; null for those that it
    /// has not.
    ///
    /// What is no array stays as it is.
    mutating func arrange(by fields: HashFields) {
        guard nodes.start[0].kind == .array else { return }
        let count = Int(nodes.start[0].count)
        wanted = nodes.count
        let values = nodes.extend(by: 1 + fields.count)
        values[0] = Reply.Node(kind: .array, count: Int32(fields.count), value: 1)
        (values + 1).update(repeating: .null, count: fields.count)
        // Redis gives back a small hash as it was written, so most names come in the order of the fields.
        var expected = 0
        for index in stride(from: 1, to: count, by: 2) where nodes.start[index].kind == .text {
            let (name, value) = (nodes.start[index], nodes.start[index + 1])
            let text = UnsafeRawBufferPointer(start: bytes.start + name.value, count: Int(name.count))
            guard value.kind == .text, let place = fields.place(of: text, expected: expected) else { continue }
            values[1 + place] = value
            expected = place + 1
        }
    }

    /// Hands out the finished reply; the builder is ready for the next.
    mutating func take() -> Reply {
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

    /// The array that begins at a node, with its texts and no others.
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

    /// No reply that we ask for comes near these; they keep a wrong one from taking all memory.
    static let nodesMax = 1 << 20
    static let bytesMax = 1 << 28
    private static let nodesKeptMax = 1 << 12
    private static let bytesKeptMax = 1 << 16
}
