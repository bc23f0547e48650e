import JSON

/// The members of a request's body by field, with one reader for each kind of value.
///
/// Null, "" and [] are blank and mean the same. A reader returns nil for a blank value, as for a field that was not
/// sent; ``sends(_:)`` distinguishes the two. It throws a refusal of the field for a value that is not accepted.
struct BodyFields<Field: BodyField> {
    private let sent: [(field: Field, value: JSONValue)]
    private let purpose: BodyPurpose

    /// Assigns each member to its field; refuses the first member without one.
    init(_ members: [JSONMember], for purpose: BodyPurpose) throws(Refusal) {
        var sent: [(Field, JSONValue)] = []
        for member in members {
            guard let field = Field(named: member.name) else {
                let accepted = Field.allCases.filter { $0.isSettable(for: purpose) }
                throw .unknownField(member.name, accepted: accepted.map(\.text))
            }
            sent.append((field, member.value))
        }
        self.sent = sent
        self.purpose = purpose
    }

    /// Refuses the first read-only field, unless it is sent with its current value.
    ///
    /// - Parameter current: the current value of a field; nil if the object does not exist yet.
    /// - Throws: the refusal.
    func requireSettable(current: (Field) -> FieldValue?) throws(Refusal) {
        for (field, value) in sent where !field.isSettable(for: purpose) {
            guard let current = current(field), current.isSent(as: value) else { throw .readOnlyField(field.text) }
        }
    }

    func sends(_ field: Field) -> Bool {
        self[field] != nil
    }

    private subscript(field: Field) -> JSONValue? {
        sent.first { $0.field.rawValue == field.rawValue }?.value
    }

    /// The value of a field; nil if it is absent or blank.
    private func value(_ field: Field) -> JSONValue? {
        guard let value = self[field], !value.isBlank else { return nil }
        return value
    }

    func refusal(of field: Field, _ reason: Refusal.Reason) -> Refusal {
        .field(field.text, reason)
    }

    /// Returns the value, or refuses its absence: a create request must send it, and a change must not clear it.
    func required<Value>(_ value: Value?, _ field: Field) throws(Refusal) -> Value {
        guard let value else {
            let expected = field.expected
            throw refusal(of: field, purpose == .create ? .required(expected) : .mustNotBeCleared(expected))
        }
        return value
    }
}

extension BodyFields {
    /// Reads a field that is a text.
    func text(_ field: Field) throws(Refusal) -> String? {
        guard let value = value(field) else { return nil }
        let length = field.textLength
        guard case .string(let text) = value else { throw refusal(of: field, .not(.text(length))) }
        if let reason = Self.reason(against: text, max: length.upperBound) { throw refusal(of: field, reason) }
        if field.mustBeVisible, text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            throw refusal(of: field, .blank(.text(length)))
        }
        return text
    }

    /// Whether the field is sent as the empty text, which a create request accepts for a description, unlike null.
    func sendsEmptyText(_ field: Field) -> Bool {
        self[field] == .string("")
    }

    /// Reads one of the raw values of `Choice`, spelled exactly.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ field: Field) throws(Refusal) -> Choice? {
        guard let value = value(field) else { return nil }
        let choice: Choice? = if case .string(let text) = value { Choice(exactly: text) } else { nil }
        guard let choice else { throw refusal(of: field, .not(field.expected)) }
        return choice
    }

    /// Reads a number or decimal text.
    func status(_ field: Field) throws(Refusal) -> Status? {
        guard let value = value(field) else { return nil }
        guard let status = Status(json: value) else { throw refusal(of: field, .not(.status)) }
        return status
    }

    /// Reads an ISO 8601 time with a zone.
    func time(_ field: Field) throws(Refusal) -> Timestamp? {
        guard let value = value(field) else { return nil }
        guard let time = Timestamp(json: value) else { throw refusal(of: field, .not(.time)) }
        return time
    }

    /// Reads an id.
    func identifier<Kind>(_ field: Field) throws(Refusal) -> Identifier<Kind>? {
        guard let value = value(field) else { return nil }
        guard case .string(let text) = value, let id = Identifier<Kind>(text) else {
            throw refusal(of: field, .not(.identifier))
        }
        return id
    }

    /// Reads an array of texts, or a single text, which is never split.
    func extraParams(_ field: Field) throws(Refusal) -> ExtraParams? {
        guard let value = value(field) else { return nil }
        let elements = if case .array(let elements) = value { elements } else { [value] }
        guard elements.count <= ExtraParams.countMax else {
            throw refusal(of: field, .tooMany(max: ExtraParams.countMax))
        }
        var params: [String] = []
        for element in elements {
            guard case .string(let param) = element else { throw refusal(of: field, .not(.extraParams)) }
            if let reason = Self.reason(against: param, max: ExtraParams.lengthMax) {
                throw refusal(of: field, reason)
            }
            params.append(param)
        }
        return ExtraParams(params)
    }

    /// What is wrong with a text; nil if nothing is.
    ///
    /// The length is counted in Unicode scalars. A text of at most `max` bytes has no more scalars than that, so most
    /// texts need no counting.
    private static func reason(against text: String, max: Int) -> Refusal.Reason? {
        if text.utf8.contains(0) { return .holdsNUL }
        return text.utf8.count > max && text.unicodeScalars.count > max ? .tooLong(max: max) : nil
    }
}

extension BodyField {
    /// The maximum length of this field's text, in Unicode scalars; traps for a field that is not a text.
    public var lengthMax: Int {
        textLength.upperBound
    }

    fileprivate var textLength: ClosedRange<Int> {
        guard case .text(let length) = expected else { preconditionFailure("\(name) is not a text") }
        return length
    }
}
