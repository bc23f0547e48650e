import Bytes

/// The id of a work or of a run: 1 to 64 of the characters `A-Z a-z 0-9 _ -`, safe in a path, a key and a message.
///
/// `Kind` keeps the ids of works and of runs apart. Ids are ordered by their bytes, as Redis orders them.
public struct Identifier<Kind>: Hashable, Comparable, Sendable {
    public let text: String

    /// Nil if the text is not an id.
    public init?(_ text: String) {
        guard (1...Self.bytesMax).contains(text.utf8.count) else { return nil }
        let bytes = text.utf8.span
        for index in bytes.indices where !Self.allows(bytes[index]) { return nil }
        self.text = text
    }

    private init(trusted text: String) {
        self.text = text
    }

    /// A new, unguessable id: 128 random bits as 32 lower-case hexadecimal digits.
    public static func minted() -> Self {
        var random = SystemRandomNumberGenerator()
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        digits.append(hex: random.next())
        digits.append(hex: random.next())
        return Self(trusted: String(decoding: digits, as: UTF8.self))
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.text < right.text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: byte.isLetterOrDigit
        }
    }

    private static var bytesMax: Int { 64 }
}

extension Identifier: CustomStringConvertible {
    public var description: String { text }
}

/// The API's `work_id`.
public typealias WorkID = Identifier<Work>

/// The API's `task_id`.
public typealias RunID = Identifier<Run>

extension WorkID {
    /// Whether the path of a work with this id would be that of something else.
    public var isReserved: Bool {
        text == "search"
    }
}
