import Bytes
import Glibc

extension Percent {
    /// What is written in a request line, byte for byte; if it is not UTF-8, with its bytes beyond ASCII escaped.
    ///
    /// Either way it says the same, so what is not UTF-8 is neither repaired nor special: it cannot be decoded, like the
    /// same bytes that a client has escaped itself.
    static func text(ofRaw bytes: UnsafePointer<CChar>) -> String {
        if let text = String(validatingCString: bytes) { return text }
        let bytes = UnsafeRawBufferPointer(start: bytes, count: strlen(bytes))
        return String(decoding: bytes.flatMap { $0 < 0x80 ? [$0] : escape($0) }, as: UTF8.self)
    }
}
