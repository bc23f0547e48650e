/// Scans a JSON text before jansson reads it, to enforce the rules that jansson has no setting for.
///
/// It refuses text that is nested too deep, before anything recursive sees it, and text of too many values, of which
/// jansson and the reader make objects many times their size. It removes the one comma that may precede a `}` or `]`.
/// The comma becomes a space, so that jansson reports every position as the client counts it.
/// Only a comma after the end of a value counts as trailing: in `[,]`, `{,}`, `[1,,]` and `{"a":,}` it stays, for
/// jansson to refuse. jansson finds all other errors except a NUL after `null`, `true` or `false`, which it overlooks:
/// that NUL becomes U+0001, which jansson refuses there, too.
struct Skimmer {
    private var text: [UInt8]
    private var depth = 0
    private let valuesMax: Int
    /// The commas and opening brackets so far.
    ///
    /// There is one for each value, save that an array or object and its first value have but one together.
    private var markCount = 0
    private var inString = false
    private var afterBackslash = false
    /// The last byte outside of strings and white space.
    private var last: UInt8?
    /// The index of the last comma, if it follows a value.
    private var comma: Int?

    /// Returns the text in a form that jansson can read by our rules.
    static func skim(_ text: [UInt8], valuesMax: Int) throws(JSONError) -> [UInt8] {
        var skimmer = Skimmer(text: text, valuesMax: valuesMax)
        for index in text.indices {
            try skimmer.scan(text[index], at: index)
        }
        guard skimmer.last != nil else { throw .empty }
        return skimmer.text
    }

    private init(text: [UInt8], valuesMax: Int) {
        self.text = text
        self.valuesMax = valuesMax
    }

    private mutating func mark() throws(JSONError) {
        markCount += 1
        guard markCount <= valuesMax else { throw .tooManyValues(max: valuesMax) }
    }

    private mutating func scan(_ byte: UInt8, at index: Int) throws(JSONError) {
        if inString {
            scanInString(byte)
            return
        }
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            return
        case UInt8(ascii: "\""):
            inString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            try mark()
            depth += 1
            guard depth <= JSONReader.depthMax else { throw .tooDeep(max: JSONReader.depthMax) }
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            depth -= 1
            if last == UInt8(ascii: ","), let comma { text[comma] = UInt8(ascii: " ") }
        case 0:
            text[index] = 1
        case UInt8(ascii: ","):
            try mark()
            comma = lastEndsValue ? index : nil
        default:
            break
        }
        last = byte
    }

    private mutating func scanInString(_ byte: UInt8) {
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
