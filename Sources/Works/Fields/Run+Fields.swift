public import JSON

extension Run {
    /// The value of a field.
    public func value(of field: RunField) -> FieldValue {
        switch field {
        case .runID: .text(id.text)
        case .workID: .text(workID.text)
        case .status: .number(status.number)
        case .startedAt: .time(startedAt)
        case .endedAt: .time(endedAt)
        case .runTime: .number(runTime)
        }
    }

    /// Writes the run as clients get it: every key in the documented order.
    ///
    /// - Parameters:
    ///   - json: the writer.
    ///   - exactTimes: whether times have milliseconds, as in archives; clients get whole seconds.
    public func write(to json: inout JSONWriter, exactTimes: Bool = false) {
        json.object(of: RunField.self) { field, json in json.value(value(of: field), exactTimes: exactTimes) }
    }
}
