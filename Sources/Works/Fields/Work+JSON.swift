package import JSON

extension Work {
    /// Writes the work as it goes out: every key, in the documented order, null where it is blank.
    package func write(to json: inout JSONWriter) {
        write(to: &json, exactTimes: false)
    }

    /// The same, if asked for with times to the millisecond, which clients never see.
    package func write(to json: inout JSONWriter, exactTimes: Bool) {
        json.work { field, json in
            switch field {
            case .workID: json.string(id.text)
            case .lambdaID: json.stringOrNull(lambdaID)
            case .userID: json.string(userID)
            case .name: json.string(name)
            case .description: json.stringOrNull(description)
            case .type: json.string(type.rawValue)
            case .category: json.string(category.rawValue)
            case .status: json.integer(status.number)
            case .workDirectory: json.stringOrNull(workDirectory)
            case .mainClassName: json.stringOrNull(mainClassName)
            case .extraParams: if let extraParams { json.raw(extraParams.json) } else { json.null() }
            case .javaVersion: json.stringOrNull(javaVersion)
            case .runFrequency: json.stringOrNull(runFrequency?.rawValue)
            case .createdAt: json.timeOrNull(createdAt, exactly: exactTimes)
            case .updatedAt: json.timeOrNull(updatedAt, exactly: exactTimes)
            case .deletedAt: json.timeOrNull(deletedAt, exactly: exactTimes)
            }
        }
    }
}

extension JSONWriter {
    /// Writes the object of a work; `write` puts down the value of each field, wherever the work is kept.
    package mutating func work(_ write: (WorkField, inout JSONWriter) -> Void) {
        for field in WorkField.allCases {
            literal(field.key)
            write(field, &self)
        }
        literal("}")
    }

    /// Null for blank, which an empty text is as well.
    mutating func stringOrNull(_ text: String?) {
        if let text, !text.isEmpty { string(text) } else { null() }
    }

    package mutating func timeOrNull(_ time: Timestamp?) {
        timeOrNull(time, exactly: false)
    }

    mutating func timeOrNull(_ time: Timestamp?, exactly: Bool) {
        guard let time else { return null() }
        if exactly { time.writeExactly(to: &self) } else { time.write(to: &self) }
    }
}

extension WorkField {
    /// What stands before its value.
    fileprivate var key: StaticString {
        switch self {
        case .workID: "{\"work_id\":"
        case .lambdaID: ",\"lambda_id\":"
        case .userID: ",\"user_id\":"
        case .name: ",\"name\":"
        case .description: ",\"description\":"
        case .type: ",\"type\":"
        case .category: ",\"category\":"
        case .status: ",\"status\":"
        case .workDirectory: ",\"work_directory\":"
        case .mainClassName: ",\"main_class_name\":"
        case .extraParams: ",\"extra_params\":"
        case .javaVersion: ",\"java_version\":"
        case .runFrequency: ",\"run_frequency\":"
        case .createdAt: ",\"created_at\":"
        case .updatedAt: ",\"updated_at\":"
        case .deletedAt: ",\"deleted_at\":"
        }
    }
}
