public import JSON

extension Work {
    /// The value of a field.
    public func value(of field: WorkField) -> FieldValue {
        switch field {
        case .workID: .text(id.text)
        case .lambdaID: .text(lambdaID)
        case .userID: .text(userID)
        case .name: .text(name)
        case .description: .text(description)
        case .type: .text(type.rawValue)
        case .category: .text(category.rawValue)
        case .status: .number(status.number)
        case .workDirectory: .text(workDirectory)
        case .mainClassName: .text(mainClassName)
        case .extraParams: .extraParams(extraParams)
        case .javaVersion: .text(javaVersion)
        case .runFrequency: .text(runFrequency?.rawValue)
        case .createdAt: .time(createdAt)
        case .updatedAt: .time(updatedAt)
        case .deletedAt: .time(deletedAt)
        }
    }

    /// Sets a field to its value in a body; a blank value clears it.
    ///
    /// A field that a patch cannot set stays as it is. A blank description is the empty text, and a blank status 0.
    ///
    /// - Throws: the refusal of a value that is not accepted, or of a blank one for a field that cannot be cleared.
    mutating func read(_ field: WorkField, from body: BodyFields<WorkField>) throws(Refusal) {
        switch field {
        case .userID: userID = try body.required(body.text(field), field)
        case .name: name = try body.required(body.text(field), field)
        case .description: description = try body.text(field) ?? ""
        case .status: status = try body.status(field) ?? .initial
        case .lambdaID: lambdaID = try body.text(field)
        case .workDirectory: workDirectory = try body.text(field)
        case .mainClassName: mainClassName = try body.text(field)
        case .extraParams: extraParams = try body.extraParams(field)
        case .javaVersion: javaVersion = try body.text(field)
        case .runFrequency: runFrequency = try body.choice(field)
        case .workID, .type, .category, .createdAt, .updatedAt, .deletedAt: break
        }
    }

    /// Writes the work as clients get it: every key in the documented order, null for blank values.
    ///
    /// - Parameters:
    ///   - json: the writer.
    ///   - exactTimes: whether times have milliseconds, as in archives; clients get whole seconds.
    public func write(to json: inout JSONWriter, exactTimes: Bool = false) {
        json.object(of: WorkField.self) { field, json in json.value(value(of: field), exactTimes: exactTimes) }
    }
}

extension Work: Equatable {
    /// Whether both have the same version and read the same to a client.
    ///
    /// Times are compared in whole seconds, texts byte by byte.
    public static func == (left: Work, right: Work) -> Bool {
        left.version == right.version && WorkField.allCases.allSatisfy { left.value(of: $0) == right.value(of: $0) }
    }
}
