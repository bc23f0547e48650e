import Bytes
import JSON

/// The fields of one kind of object, by their names in the API.
protocol FieldName: RawRepresentable<String>, Equatable, Sendable {}

/// The members of a request's body, each known by its field, with one reader for each kind of value.
///
/// Blank is null, "" and []: all three mean the same, and every reader answers nil to them as to a field that was not
/// sent. Whoever has to tell the two apart asks `sends`.
struct BodyFields<Name: FieldName> {
    private let sent: [(name: Name, value: JSONValue)]

    /// Takes the members of a body, if every one of them is a field at all.
    ///
    /// `accepted` are the fields that may be set, for the message.
    init(_ members: [JSONMember], accepted: [Name]) throws(Refusal) {
        var sent: [(Name, JSONValue)] = []
        for member in members {
            guard let name = Name(rawValue: member.name) else {
                throw .unknownField(member.name, accepted: accepted.map(\.rawValue))
            }
            sent.append((name, member.value))
        }
        self.sent = sent
    }

    /// In the order in which they were sent.
    var names: [Name] {
        sent.map(\.name)
    }

    subscript(name: Name) -> JSONValue? {
        sent.first { $0.name == name }?.value
    }

    func sends(_ name: Name) -> Bool {
        self[name] != nil
    }

    /// The value to read, nil when there is none or a blank one.
    private func value(_ name: Name) -> JSONValue? {
        guard let value = self[name], !value.isBlank else { return nil }
        return value
    }

    func refusal(of name: Name, _ reason: Refusal.Reason) -> Refusal {
        .field(name.rawValue, reason)
    }

    /// Insists on a value, in a body that creates something.
    func required<Value>(_ value: Value?, _ name: Name, _ expected: Expected) throws(Refusal) -> Value {
        guard let value else { throw refusal(of: name, .required(expected)) }
        return value
    }

    /// Insists on a value, in a body that changes something and that has sent this field.
    func uncleared<Value>(_ value: Value?, _ name: Name, _ expected: Expected) throws(Refusal) -> Value {
        guard let value else { throw refusal(of: name, .mustNotBeCleared(expected)) }
        return value
    }
}

extension BodyFields {
    func text(_ name: Name, _ length: ClosedRange<Int>) throws(Refusal) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw refusal(of: name, .not(.text(length))) }
        if let reason = Self.reason(against: text, max: length.upperBound) { throw refusal(of: name, reason) }
        return text
    }

    /// A text that shows: not all white space.
    func visibleText(_ name: Name, _ length: ClosedRange<Int>) throws(Refusal) -> String? {
        guard let text = try text(name, length) else { return nil }
        guard !text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
            throw refusal(of: name, .blank(.text(length)))
        }
        return text
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: Name) throws(Refusal) -> Choice? {
        guard let value = value(name) else { return nil }
        let choice: Choice? = if case .string(let text) = value { Choice(exactly: text) } else { nil }
        guard let choice else { throw refusal(of: name, .not(.choice(of: Choice.self))) }
        return choice
    }

    func status(_ name: Name) throws(Refusal) -> Status? {
        guard let value = value(name) else { return nil }
        guard let status = Status(json: value) else { throw refusal(of: name, .not(.status)) }
        return status
    }

    func time(_ name: Name) throws(Refusal) -> Timestamp? {
        guard let value = value(name) else { return nil }
        guard let time = Timestamp(json: value) else { throw refusal(of: name, .not(.time)) }
        return time
    }

    func identifier<Kind>(_ name: Name) throws(Refusal) -> Identifier<Kind>? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value, let id = Identifier<Kind>(text) else {
            throw refusal(of: name, .not(.identifier))
        }
        return id
    }

    /// One text, which is never split, or an array of texts.
    func extraParams(_ name: Name) throws(Refusal) -> ExtraParams? {
        guard let value = value(name) else { return nil }
        let elements = if case .array(let elements) = value { elements } else { [value] }
        guard elements.count <= ExtraParams.countMax else {
            throw refusal(of: name, .tooMany(max: ExtraParams.countMax))
        }
        var params: [String] = []
        for element in elements {
            guard case .string(let param) = element else { throw refusal(of: name, .not(.extraParams)) }
            if let reason = Self.reason(against: param, max: TextLengths.extraParam.upperBound) {
                throw refusal(of: name, reason)
            }
            params.append(param)
        }
        return ExtraParams(params)
    }

    /// Lengths are counted in Unicode scalars; a text with no more bytes than that need not be counted.
    private static func reason(against text: String, max: Int) -> Refusal.Reason? {
        if text.utf8.contains(0) { return .holdsNUL }
        return text.utf8.count > max && text.unicodeScalars.count > max ? .tooLong(max: max) : nil
    }
}
