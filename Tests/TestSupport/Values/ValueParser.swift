extension Value {
    /// Why a text is not JSON.
    package struct Malformed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Reads strict JSON: nothing before or after it, no repeated key, no trailing comma.
    package init(parsing text: String) throws {
        var parser = ValueParser(Array(text.unicodeScalars))
        self = try parser.document()
    }
}

/// A recursive-descent parser without a bound on depth: it reads only what the service under test has written.
private struct ValueParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    mutating func document() throws -> Value {
        let value = try self.value()
        skipBlanks()
        guard position == scalars.count else { throw malformed("text after the value") }
        return value
    }

    private mutating func value() throws -> Value {
        skipBlanks()
        switch peek {
        case "{": return try object()
        case "[": return try array()
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object() throws -> Value {
        position += 1
        var members: [Value.Member] = []
        skipBlanks()
        if consume("}") { return .object(members) }
        repeat {
            skipBlanks()
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else { throw malformed("repeated key \(name)") }
            skipBlanks()
            guard consume(":") else { throw malformed("no colon") }
            members.append(Value.Member(name, try value()))
            skipBlanks()
        } while consume(",")
        guard consume("}") else { throw malformed("object not closed") }
        return .object(members)
    }

    private mutating func array() throws -> Value {
        position += 1
        var items: [Value] = []
        skipBlanks()
        if consume("]") { return .array(items) }
        repeat {
            items.append(try value())
            skipBlanks()
        } while consume(",")
        guard consume("]") else { throw malformed("array not closed") }
        return .array(items)
    }

    private mutating func string() throws -> String {
        guard consume("\"") else { throw malformed("no string") }
        var text = String.UnicodeScalarView()
        while let scalar = peek, scalar != "\"" {
            guard scalar.value >= 0x20 else { throw malformed("a control character in a string") }
            position += 1
            text.append(scalar == "\\" ? try escape() : scalar)
        }
        guard consume("\"") else { throw malformed("string not closed") }
        return String(text)
    }

    private mutating func escape() throws -> Unicode.Scalar {
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t",
        ]
        guard let letter = peek else { throw malformed("escape at the end") }
        position += 1
        if let scalar = simple[letter] { return scalar }
        guard letter == "u" else { throw malformed("unknown escape") }
        let unit = try hex()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xdc00, consume("\\"), consume("u") else { throw malformed("lone surrogate") }
        let low = try hex()
        guard (0xdc00...0xdfff).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
        else { throw malformed("lone surrogate") }
        return scalar
    }

    private mutating func hex() throws -> UInt32 {
        guard position + 4 <= scalars.count else { throw malformed("short escape") }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: scalars[position..<position + 4])
        position += 4
        guard let unit = UInt32(String(digits), radix: 16) else { throw malformed("escape") }
        return unit
    }

    private mutating func number() throws -> Value {
        let start = position
        while let scalar = peek, "+-.eE0123456789".unicodeScalars.contains(scalar) { position += 1 }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: scalars[start..<position])
        let text = String(digits)
        if let number = Int(text), text == String(number) { return .integer(number) }
        guard text.contains(where: { ".eE".contains($0) }), let number = Double(text) else {
            throw malformed("no value")
        }
        return .real(number)
    }

    private mutating func word(_ word: String, _ value: Value) throws -> Value {
        for scalar in word.unicodeScalars { guard consume(scalar) else { throw malformed("no value") } }
        return value
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while let scalar = peek, " \t\r\n".unicodeScalars.contains(scalar) { position += 1 }
    }

    private func malformed(_ what: String) -> Value.Malformed {
        Value.Malformed(description: "\(what) at \(position)")
    }
}
