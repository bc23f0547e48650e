import Bytes

extension Percent {
    /// The text of a raw part of a request target; if that is not UTF-8, its bytes beyond ASCII are escaped.
    ///
    /// Escaping keeps the meaning: such a target is neither repaired nor a special case, but fails to decode just as if
    /// the client had escaped the same bytes.
    static func text(ofRaw bytes: UnsafeRawBufferPointer) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(decoding: bytes.flatMap { $0 < 0x80 ? [$0] : escape($0) }, as: UTF8.self)
    }
}
