package import JSON

/// One run of a work, which the API calls a task.
package struct Run: Equatable, Sendable {
    /// Unique within its work.
    package let id: RunID
    package let workID: WorkID
    package var status: Status
    package var startedAt: Timestamp
    /// Nil while it runs.
    package var endedAt: Timestamp?
    /// Counts the changes, from 1; the store sets it.
    package var version: Int

    package init(id: RunID, workID: WorkID, status: Status, startedAt: Timestamp, endedAt: Timestamp?, version: Int) {
        self.id = id
        self.workID = workID
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.version = version
    }

    /// Whole seconds between the two times as they go out; 0 while it runs.
    package var runTime: Int {
        guard let endedAt else { return 0 }
        return max(0, endedAt.seconds - startedAt.seconds)
    }

    /// Writes the run as it goes out: every key, in the documented order.
    package func write(to json: inout JSONWriter) {
        write(to: &json, exactTimes: false)
    }

    /// The same, if asked for with times to the millisecond, which clients never see.
    package func write(to json: inout JSONWriter, exactTimes: Bool) {
        json.literal("{\"task_id\":")
        json.string(id.text)
        json.literal(",\"work_id\":")
        json.string(workID.text)
        json.literal(",\"status\":")
        json.integer(status.number)
        json.literal(",\"started_at\":")
        json.timeOrNull(startedAt, exactly: exactTimes)
        json.literal(",\"ended_at\":")
        json.timeOrNull(endedAt, exactly: exactTimes)
        json.literal(",\"run_time\":")
        json.integer(runTime)
        json.literal("}")
    }
}
