import Bytes
public import JSON

/// The value of any field, in the form in which it is sent, stored and compared.
public enum FieldValue: Sendable {
    /// Both nil and the empty text are blank.
    case text(String?)
    case number(Int)
    case time(Timestamp?)
    case extraParams(ExtraParams?)
}

extension FieldValue: Equatable {
    /// Whether both read the same to a client.
    ///
    /// Another Unicode form of the same text is a change; other milliseconds of the same second are not.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): (left ?? "").isExactly(right ?? "")
        case (.number(let left), .number(let right)): left == right
        case (.time(let left), .time(let right)): left == right
        case (.extraParams(let left), .extraParams(let right)): left == right
        case (.text, _), (.number, _), (.time, _), (.extraParams, _): false
        }
    }
}

extension FieldValue {
    /// Whether a client sent this value back: a time in any zone and to any precision counts as the same.
    func isSent(as value: JSONValue) -> Bool {
        switch self {
        case .text(let text): value.isBlank ? (text ?? "").isEmpty : value.isExactly(text ?? "")
        case .number(let number): value.wholeNumber == number
        case .time(let time): value.isTime(time)
        case .extraParams: false
        }
    }
}

extension JSONWriter {
    /// Writes a value; null if it is blank.
    ///
    /// - Parameters:
    ///   - value: the value of a field.
    ///   - exactTimes: whether times have milliseconds, as in archives; clients get whole seconds.
    public mutating func value(_ value: FieldValue, exactTimes: Bool = false) {
        switch value {
        case .text(let text): if let text, !text.isEmpty { string(text) } else { null() }
        case .number(let number): integer(number)
        case .time(let time): timeOrNull(time, exactly: exactTimes)
        case .extraParams(let extraParams): if let extraParams { raw(extraParams.json) } else { null() }
        }
    }

    /// Writes a time, or null for nil; `exactly` adds its milliseconds.
    public mutating func timeOrNull(_ time: Timestamp?, exactly: Bool = false) {
        guard let time else { return null() }
        if exactly { time.writeExactly(to: &self) } else { time.write(to: &self) }
    }

    /// Writes an object with every field in order; `write` writes the value of one.
    @inline(__always)
    public mutating func object<Field: BodyField>(of _: Field.Type, _ write: (Field, inout JSONWriter) -> Void) {
        let keys = Field.keys
        for field in Field.allCases {
            bytes += keys[field.rawValue]
            write(field, &self)
        }
        literal("}")
    }
}
