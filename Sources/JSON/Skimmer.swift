/// Goes over a JSON text once before jansson reads it, for what jansson has no setting for.
///
/// It refuses text that nests too deep, before anything recursive sees it, and it takes out the one comma that may stand
/// before a `}` or `]`. The comma becomes a space, so that jansson reports every place as the client counts it. A comma
/// counts as trailing only after the end of a value: in `[,]`, `{,}`, `[1,,]` and `{"a":,}` it stays, for jansson to
/// refuse. All other errors are jansson's to find, except for a NUL after `null`, `true` or `false`, which it loses: as
/// U+0001 it is refused there too.
struct Skimmer {
    private var text: [UInt8]
    private var depth = 0
    private var inString = false
    private var afterBackslash = false
    /// The last byte that was neither white space nor inside a string.
    private var last: UInt8?
    /// Where the last comma stands, if a value ended before it.
    private var comma: Int?

    /// The text, fit for jansson.
    static func skim(_ text: [UInt8]) throws(JSONError) -> [UInt8] {
        var skimmer = Skimmer(text: text)
        for index in text.indices {
            try skimmer.take(text[index], at: index)
        }
        guard skimmer.last != nil else { throw .empty }
        return skimmer.text
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    private mutating func take(_ byte: UInt8, at index: Int) throws(JSONError) {
        if inString {
            takeInString(byte)
            return
        }
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            return
        case UInt8(ascii: "\""):
            inString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            depth += 1
            guard depth <= JSONReader.depthMax else { throw .tooDeep(max: JSONReader.depthMax) }
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            depth -= 1
            if last == UInt8(ascii: ","), let comma { text[comma] = UInt8(ascii: " ") }
        case 0:
            text[index] = 1
        case UInt8(ascii: ","):
            comma = lastEndsValue ? index : nil
        default:
            break
        }
        last = byte
    }

    private mutating func takeInString(_ byte: UInt8) {
        if afterBackslash {
            afterBackslash = false
        } else if byte == UInt8(ascii: "\\") {
            afterBackslash = true
        } else if byte == UInt8(ascii: "\"") {
            inString = false
        }
    }

    private var lastEndsValue: Bool {
        switch last {
        case nil, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"): false
        default: true
        }
    }
}
