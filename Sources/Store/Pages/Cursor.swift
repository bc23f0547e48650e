import Secrets
import Works

/// Where the next page begins: after the last item that the client has seen.
///
/// It contains that item's position, not a number of items, so it stays exact while other items come and go. No worker
/// keeps any state for it: any worker accepts it, at any time, with any limit. To the client it is an opaque text,
///
///     base64url( tag, 16 bytes | score, 8 bytes | id )
///
/// The tag covers the payload (score and id) and the scope: the route, the filters and the order as one canonical text.
/// So a cursor is valid only for the list that it came from, and cannot be forged.
struct Cursor: Equatable, Sendable {
    let position: Position

    init(position: Position) {
        self.position = position
    }

    func text(for scope: String, key: SecretKey) -> String {
        Base64URL.text(tag(for: scope, key: key).bytes + payload)
    }

    /// Reads a cursor that was made for this scope with this key.
    init(text: String, for scope: String, key: SecretKey) throws(StoreError) {
        guard text.utf8.count <= Self.textBytesMax, let bytes = Base64URL.bytes(text), bytes.count > Self.headBytes,
            let id = String(validating: bytes[Self.headBytes...], as: UTF8.self)
        else { throw .cursorInvalid }
        let score = bytes[Self.tagBytes..<Self.headBytes].reduce(0) { $0 << 8 | UInt64($1) }
        self.init(position: Position(score: Int(bitPattern: UInt(score)), id: id))
        guard tag(for: scope, key: key).matches(Array(bytes[..<Self.tagBytes])) else { throw .cursorInvalid }
    }

    /// The scope, of any length, comes last; the length of the payload, first, keeps the two apart.
    private func tag(for scope: String, key: SecretKey) -> Tag {
        let payload = payload
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + payload.count + scope.utf8.count)
        bytes.append(bigEndian: payload.count)
        bytes += payload
        bytes += scope.utf8
        return key.tag(of: bytes)
    }

    private var payload: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + position.id.utf8.count)
        bytes.append(bigEndian: position.score)
        bytes += position.id.utf8
        return bytes
    }

    private static let tagBytes = Tag.byteCount
    private static let headBytes = tagBytes + 8
    /// More than the longest id needs, and cheap to read.
    private static let textBytesMax = 1024
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: Int) {
        for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
