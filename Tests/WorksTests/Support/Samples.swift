import JSON
import Works

/// The service's clock in these tests: 2021-12-01T16:53:34Z and a quarter of a second.
let now = Timestamp(milliseconds: 1_638_377_614_250)

extension Timestamp {
    func advanced(seconds: Int = 0, milliseconds: Int = 0) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + seconds * 1000 + milliseconds)
    }

    /// The time as a JSON string, in whole seconds.
    var quoted: String {
        written { write(to: &$0) }
    }
}

extension Identifier {
    static var sample: Self {
        Self("id-1")!
    }
}

extension Status {
    static func number(_ number: Int) -> Status {
        Status(number)!
    }
}

extension Expected {
    static let types = Expected.oneOf(["STREAMING", "BATCH"])
    static let categories = Expected.oneOf(["FLINK_SQL", "FLNK_JAR", "FLINK_JAR"])
    static let frequencies = Expected.oneOf(["once", "hourly", "daily", "weekly"])
}

extension Work {
    /// A live work with a value in every field but `deletedAt`.
    static var sample: Work {
        var work = blank
        work.lambdaID = "lambda"
        work.description = "描述"
        work.status = .number(3)
        work.workDirectory = "/alice"
        work.mainClassName = "Main"
        work.extraParams = ExtraParams(["-D", "x y"])
        work.javaVersion = "8"
        work.runFrequency = .hourly
        return work
    }

    /// A live work with no value in any field that may be blank.
    static var blank: Work {
        var work = Work(
            id: .sample,
            userID: "alice",
            name: "名字",
            type: .streaming,
            category: .flnkJar,
            createdAt: now.advanced(seconds: -7200),
            updatedAt: now.advanced(seconds: -3600)
        )
        work.version = 4
        return work
    }

    /// The sample, moved to the trash a minute ago.
    static var deleted: Work {
        sample.with { $0.deletedAt = now.advanced(seconds: -60) }
    }

    func with(_ change: (inout Work) -> Void) -> Work {
        var work = self
        change(&work)
        return work
    }

    /// The work as it goes out.
    var json: String {
        written { write(to: &$0) }
    }

    /// The members of the work as it goes out.
    func members() throws -> [JSONMember] {
        try JSONReader.object(Array(json.utf8))
    }
}

extension Run {
    /// A run that has not ended.
    static var running: Run {
        Run(
            id: .sample,
            workID: WorkID("work-1")!,
            status: .number(3),
            startedAt: now.advanced(seconds: -3600),
            endedAt: nil,
            version: 2
        )
    }

    /// The same run, ended a minute ago.
    static var over: Run {
        running.with { $0.endedAt = now.advanced(seconds: -60) }
    }

    func with(_ change: (inout Run) -> Void) -> Run {
        var run = self
        change(&run)
        return run
    }

    /// The run as it goes out.
    var json: String {
        written { write(to: &$0) }
    }

    /// The members of the run as it goes out.
    func members() throws -> [JSONMember] {
        try JSONReader.object(Array(json.utf8))
    }
}

extension [JSONMember] {
    /// The value under this name.
    subscript(name: String) -> JSONValue? {
        first { $0.name == name }?.value
    }

    /// The same members with another value under this name.
    func with(_ name: String, _ value: JSONValue) -> [JSONMember] {
        map { $0.name == name ? JSONMember(name: name, value: value) : $0 }
    }
}
