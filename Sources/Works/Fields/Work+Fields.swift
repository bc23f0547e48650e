package import JSON

extension Work {
    /// The value of a field, as it is sent, stored and compared.
    package func value(of field: WorkField) -> FieldValue {
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

    /// Sets a field to what a body sends for it; a blank value clears it.
    ///
    /// The fields that a patch cannot set are left alone.
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

    /// Writes the work as it goes out: every key, in the documented order, null where it is blank.
    ///
    /// - Parameters:
    ///   - json: where to.
    ///   - exactTimes: whether times are written to the millisecond, which clients never see.
    package func write(to json: inout JSONWriter, exactTimes: Bool = false) {
        json.object(of: WorkField.self) { field, json in json.value(value(of: field), exactTimes: exactTimes) }
    }
}

extension Work: Equatable {
    /// Equal is what has the same version and reads the same to a client.
    package static func == (left: Work, right: Work) -> Bool {
        left.version == right.version && WorkField.allCases.allSatisfy { left.value(of: $0) == right.value(of: $0) }
    }
}
