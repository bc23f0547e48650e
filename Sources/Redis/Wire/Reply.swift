/// What Redis answered: a text, an integer, null, an error, or an array of these.
///
/// A reply of any size is one block of memory: the bytes of all its texts, then a table with a ``Node`` of fixed size
/// for each element. A `Reply` is a view of one element: the block, and the position of the element's node in it. So
/// taking a reply apart allocates nothing until a `String` is asked for.
///
/// Every access is total: an element that is missing or of another kind reads as null. A reply of an unexpected shape
/// never traps; the code that reads a value from it notices.
public struct Reply: Sendable {
    /// An element: its kind, and two numbers whose meaning depends on the kind.
    struct Node: BitwiseCopyable {
        enum Kind: UInt8 {
            case null, text, error, integer, array
        }

        var kind: Kind
        /// The number of a text's bytes or of an array's elements.
        var count: Int32
        /// An integer itself; a text's offset in the block; the distance in nodes from an array to its first element.
        var value: Int

        static let null = Self(kind: .null, count: 0, value: 0)
        static let stride = MemoryLayout<Self>.stride
    }

    let block: [UInt8]
    private let position: Int

    /// Makes a view of the node that begins at byte `position` of the block.
    init(_ block: [UInt8], at position: Int) {
        self.block = block
        self.position = position
    }

    public static let null = Self(
        [UInt8](unsafeUninitializedCapacity: Node.stride) { room, count in
            UnsafeMutableRawBufferPointer(room).storeBytes(of: .null, as: Node.self)
            count = Node.stride
        },
        at: 0
    )

    public var isNull: Bool {
        node.kind == .null
    }

    /// The size in bytes of the whole reply, even if this is one of its elements.
    public var byteCount: Int {
        block.count
    }

    /// The number of an array's elements; 0 for anything else.
    public var count: Int {
        let node = node
        return node.kind == .array ? Int(node.count) : 0
    }

    /// An element of an array; null outside its bounds, and for anything else.
    public subscript(_ index: Int) -> Reply {
        let node = node
        guard node.kind == .array, index >= 0, index < node.count else { return .null }
        return Reply(block, at: position + (node.value + index) * Node.stride)
    }

    /// The text, with invalid UTF-8 replaced; nil for anything but a text.
    public var string: String? {
        let node = node
        guard node.kind == .text else { return nil }
        return String(decoding: block[range(of: node)], as: UTF8.self)
    }

    /// Calls `body` with the bytes of an array's element, without copying them; with none if it is not a text.
    public func withBytes<Result>(at index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        let node = node(at: index)
        return body(block.span.extracting(node.kind == .text ? range(of: node) : 0..<0))
    }

    /// Whether an array's element is a text.
    public func isText(at index: Int) -> Bool {
        node(at: index).kind == .text
    }

    /// The integer of an array's element, see ``integer``.
    public func integer(at index: Int) -> Int? {
        integer(of: node(at: index))
    }

    /// Whether an array's element is exactly `text`.
    public func `is`(_ text: String, at index: Int) -> Bool {
        has(text, in: node(at: index))
    }

    /// An integer, or a text of decimal digits that fits an `Int`; nil for anything else.
    public var integer: Int? {
        integer(of: node)
    }

    /// Whether this is exactly `text`.
    public func `is`(_ text: String) -> Bool {
        has(text, in: node)
    }

    /// What an error reply means; nil for anything else.
    ///
    /// Only elements of an array can be errors: any other error is thrown.
    public var rejection: RedisError.Rejection? {
        errorText.map { RedisError.Rejection($0) }
    }

    /// The sentence of an error; nil for anything else.
    var errorText: String? {
        let node = node
        guard node.kind == .error else { return nil }
        return String(decoding: block[range(of: node)], as: UTF8.self)
    }

    var node: Node {
        block.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Node.self) }
    }

    /// The node of an array's element; null outside its bounds.
    @inline(__always)
    private func node(at index: Int) -> Node {
        block.withUnsafeBytes { bytes in
            let array = bytes.loadUnaligned(fromByteOffset: position, as: Node.self)
            guard array.kind == .array, index >= 0, index < array.count else { return .null }
            return bytes.loadUnaligned(fromByteOffset: position + (array.value + index) * Node.stride, as: Node.self)
        }
    }

    private func integer(of node: Node) -> Int? {
        switch node.kind {
        case .integer: node.value
        case .text: Self.number(block.span.extracting(range(of: node)))
        case .null, .error, .array: nil
        }
    }

    private func has(_ text: String, in node: Node) -> Bool {
        guard node.kind == .text, Int(node.count) == text.utf8.count else { return false }
        let (bytes, expected) = (block.span.extracting(range(of: node)), text.utf8.span)
        for index in expected.indices where bytes[index] != expected[index] { return false }
        return true
    }

    func range(of node: Node) -> Range<Int> {
        node.value..<node.value + Int(node.count)
    }

    /// Any number with at most this many digits fits.
    private static let digitsThatFit = 18

    private static func number(_ text: Span<UInt8>) -> Int? {
        let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
        let first = isNegative ? 1 : 0
        guard first < text.count else { return nil }
        var number = 0
        for index in first..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            // Counts downwards, since the smallest number has no positive counterpart.
            if index - first < digitsThatFit {
                number = number &* 10 &- Int(digit)
            } else {
                let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
                let (sum, carry) = tens.subtractingReportingOverflow(Int(digit))
                guard !overflow, !carry else { return nil }
                number = sum
            }
        }
        return isNegative ? number : number == .min ? nil : -number
    }
}

extension Reply: CustomStringConvertible {
    /// The reply as failed tests show it.
    public var description: String {
        let node = node
        return switch node.kind {
        case .null: "null"
        case .text: "\"\(string ?? "")\""
        case .error: "error(\(errorText ?? ""))"
        case .integer: String(node.value)
        case .array: "[" + (0..<count).map { self[$0].description }.joined(separator: ", ") + "]"
        }
    }
}
