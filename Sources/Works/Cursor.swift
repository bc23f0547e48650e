package import Secrets

/// Where the next page begins: after the last item that the client has seen.
///
/// It names that item's place and not a number of items, so it stays exact while others come and go, and it needs no
/// memory anywhere: any worker takes it, at any time, with any limit. To the client it is an opaque text,
///
///     base64url( tag, 16 bytes | score, 8 bytes | id )
///
/// whose tag covers the place and the scope: the route, the filters and the order that it was made for, as one
/// canonical text. So a cursor is good for nothing but the list that it came from, and cannot be made up.
package struct Cursor: Equatable, Sendable {
    package let position: Position

    package init(position: Position) {
        self.position = position
    }

    package func text(for scope: String, key: SecretKey) -> String {
        Base64URL.text(tag(for: scope, key: key).bytes + place)
    }

    /// Reads a cursor that was made for this scope with this key.
    package init(text: String, for scope: String, key: SecretKey) throws(Failure) {
        guard text.utf8.count <= Self.textBytesMax, let bytes = Base64URL.bytes(text), bytes.count > Self.headBytes,
            let id = String(validating: bytes[Self.headBytes...], as: UTF8.self)
        else { throw .cursorInvalid }
        let score = bytes[Self.tagBytes..<Self.headBytes].reduce(0) { $0 << 8 | UInt64($1) }
        self.init(position: Position(score: Int(bitPattern: UInt(score)), id: id))
        guard tag(for: scope, key: key).matches(Array(bytes[..<Self.tagBytes])) else { throw .cursorInvalid }
    }

    /// The scope is of any length and comes last; before it, the length of the place keeps the two apart.
    private func tag(for scope: String, key: SecretKey) -> Tag {
        let place = place
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + place.count + scope.utf8.count)
        bytes.append(bigEndian: place.count)
        bytes += place
        bytes += scope.utf8
        return key.tag(of: bytes)
    }

    private var place: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + position.id.utf8.count)
        bytes.append(bigEndian: position.score)
        bytes += position.id.utf8
        return bytes
    }

    private static let tagBytes = Tag.byteCount
    private static let headBytes = tagBytes + 8
    /// More than any id takes, and little enough to be read without a thought.
    private static let textBytesMax = 1024
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: Int) {
        for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
