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
        Work(
            id: .sample,
            lambdaID: "lambda",
            userID: "alice",
            name: "名字",
            description: "描述",
            type: .streaming,
            category: .flnkJar,
            status: .number(3),
            workDirectory: "/alice",
            mainClassName: "Main",
            extraParams: ExtraParams(["-D", "x y"]),
            javaVersion: "8",
            runFrequency: .hourly,
            createdAt: now.advanced(seconds: -7200),
            updatedAt: now.advanced(seconds: -3600),
            deletedAt: nil,
            version: 4
        )
    }

    /// A live work with no value in any field that may be blank.
    static var blank: Work {
        var work = sample
        work.lambdaID = nil
        work.description = ""
        work.status = .initial
        work.workDirectory = nil
        work.mainClassName = nil
        work.extraParams = nil
        work.javaVersion = nil
        work.runFrequency = nil
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
