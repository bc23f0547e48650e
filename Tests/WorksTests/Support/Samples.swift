import Works

/// The service's clock in these tests: 2021-12-01T16:53:34Z and a quarter of a second.
let now = Timestamp(milliseconds: 1_638_377_614_250)

extension Timestamp {
    func advanced(seconds: Int) -> Timestamp {
        Timestamp(milliseconds: milliseconds + seconds * 1000)
    }

    /// The time as a JSON string.
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

    func with(_ change: (inout Work) -> Void) -> Work {
        var work = self
        change(&work)
        return work
    }

    /// What goes out.
    var json: String {
        written { write(to: &$0) }
    }
}

extension Run {
    /// A run that goes on.
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

    /// The same, a minute before the clock's time over.
    static var over: Run {
        running.with { $0.endedAt = now.advanced(seconds: -60) }
    }

    func with(_ change: (inout Run) -> Void) -> Run {
        var run = self
        change(&run)
        return run
    }

    /// What goes out.
    var json: String {
        written { write(to: &$0) }
    }
}
