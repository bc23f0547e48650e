public import JSON

extension Work {
    /// Writes the work as it goes out: every key, in the documented order, null where it is blank.
    public func write(to json: inout JSONWriter) {
        write(to: &json, exactTimes: false)
    }

    /// The same, if asked for with times to the millisecond, which clients never see.
    func write(to json: inout JSONWriter, exactTimes: Bool) {
        json.literal("{\"work_id\":")
        json.string(id.text)
        json.literal(",\"lambda_id\":")
        json.stringOrNull(lambdaID)
        json.literal(",\"user_id\":")
        json.string(userID)
        json.literal(",\"name\":")
        json.string(name)
        json.literal(",\"description\":")
        json.stringOrNull(description)
        json.literal(",\"type\":")
        json.string(type.rawValue)
        json.literal(",\"category\":")
        json.string(category.rawValue)
        json.literal(",\"status\":")
        json.integer(status.number)
        writeHowItRuns(to: &json)
        json.literal(",\"created_at\":")
        json.timeOrNull(createdAt, exactly: exactTimes)
        json.literal(",\"updated_at\":")
        json.timeOrNull(updatedAt, exactly: exactTimes)
        json.literal(",\"deleted_at\":")
        json.timeOrNull(deletedAt, exactly: exactTimes)
        json.literal("}")
    }

    private func writeHowItRuns(to json: inout JSONWriter) {
        json.literal(",\"work_directory\":")
        json.stringOrNull(workDirectory)
        json.literal(",\"main_class_name\":")
        json.stringOrNull(mainClassName)
        json.literal(",\"extra_params\":")
        if let extraParams { json.raw(extraParams.json) } else { json.null() }
        json.literal(",\"java_version\":")
        json.stringOrNull(javaVersion)
        json.literal(",\"run_frequency\":")
        json.stringOrNull(runFrequency?.rawValue)
    }
}

extension JSONWriter {
    /// Null for blank, which an empty text is as well.
    mutating func stringOrNull(_ text: String?) {
        if let text, !text.isEmpty { string(text) } else { null() }
    }

    mutating func timeOrNull(_ time: Timestamp?, exactly: Bool = false) {
        guard let time else { return null() }
        if exactly { time.writeExactly(to: &self) } else { time.write(to: &self) }
    }
}
