import Redis
import Testing

struct RedisErrorTests {
    @Test(
        arguments: [
            (
                "LOADING Redis is loading the dataset in memory",
                .unavailable("LOADING Redis is loading the dataset in memory")
            ),
            ("BUSY Redis is busy running a script.", .unavailable("BUSY Redis is busy running a script.")),
            ("MASTERDOWN Link with MASTER is down", .unavailable("MASTERDOWN Link with MASTER is down")),
            ("CLUSTERDOWN The cluster is down", .unavailable("CLUSTERDOWN The cluster is down")),
            (
                "TRYAGAIN Multiple keys request during rehashing of slot",
                .unavailable("TRYAGAIN Multiple keys request during rehashing of slot")
            ),
            (
                "NOREPLICAS Not enough good replicas to write.",
                .unavailable("NOREPLICAS Not enough good replicas to write.")
            ),
            ("ERR max number of clients reached", .unavailable("ERR max number of clients reached")),
            ("READONLY You can't write against a read only replica.", .readOnly),
            ("ERR Function not found", .functionMissing),
            (
                "OOM command not allowed when used memory > 'maxmemory'.",
                .full("OOM command not allowed when used memory > 'maxmemory'.")
            ),
            ("MISCONF Errors writing to the AOF file", .full("MISCONF Errors writing to the AOF file")),
            ("NOAUTH Authentication required.", .misconfigured("NOAUTH Authentication required.")),
            (
                "WRONGPASS invalid username-password pair or user is disabled.",
                .misconfigured("WRONGPASS invalid username-password pair or user is disabled.")
            ),
            ("NOPERM this user has no permissions", .forbidden("NOPERM this user has no permissions")),
            (
                "ERR ACL failure in script: User has no permissions to run the 'zadd' command",
                .forbidden("ERR ACL failure in script: User has no permissions to run the 'zadd' command")
            ),
            (
                "WRONGTYPE Operation against a key holding the wrong kind of value",
                .misconfigured("WRONGTYPE Operation against a key holding the wrong kind of value")
            ),
            (
                "CROSSSLOT Keys in request don't hash to the same slot",
                .misconfigured("CROSSSLOT Keys in request don't hash to the same slot")
            ),
            ("BUSYGROUP name exists", .other("BUSYGROUP name exists")),
            ("OOMPH", .other("OOMPH")),
            ("ERR syntax error", .other("ERR syntax error")),
            ("", .other("")),
        ] as [(String, RedisError.Rejection)]
    )
    func classifiesErrorReplies(_ sentence: String, _ rejection: RedisError.Rejection) {
        #expect(RedisError.Rejection(sentence) == rejection)
    }

    @Test func knowsWhereTheOutcomeIsUnknown() {
        for error in [RedisError.connectionLost, .timedOut] { #expect(error.isOutcomeUnknown) }
        for error in [RedisError.disconnected, .overloaded, .rejected(.full("OOM"))] {
            #expect(!error.isOutcomeUnknown)
        }
    }

    @Test func hasAKindAndASentenceForEachError() {
        let errors: [RedisError] = [
            .disconnected, .overloaded, .connectionLost, .timedOut, .rejected(.unavailable("BUSY")),
            .rejected(.readOnly),
            .rejected(.functionMissing), .rejected(.full("OOM")), .rejected(.forbidden("NOPERM")),
            .rejected(.misconfigured("WRONGTYPE")),
            .rejected(.other("ERR")),
        ]
        #expect(errors.map(\.kind) == RedisError.Kind.allCases)
        #expect(Set(errors.map(\.description)).count == errors.count)
    }

    /// Only what Redis says tells an operator which of these it is.
    @Test(arguments: [
        "NOAUTH Authentication required.", "WRONGPASS invalid username-password pair or user is disabled.",
        "NOPERM User works has no permissions to run the 'get' command", "ERR unknown command", "LOADING Redis",
        "OOM command not allowed when used memory > 'maxmemory'.", "MISCONF Errors writing to the AOF file: No space",
        "ERR max number of clients reached",
    ])
    func repeatsTheWordsOfRedis(_ sentence: String) {
        #expect(RedisError.rejected(RedisError.Rejection(sentence)).description.contains(sentence))
    }

    @Test(arguments: ["NOPERM ", "ERR ", "OOM ", "BUSY "]) func theWordsAreOneLineOfLimitedLength(_ start: String) {
        let sentence = start + "a\r\n\u{1B}[2J" + String(repeating: "x", count: 100_000)
        let words = RedisError.rejected(RedisError.Rejection(sentence)).description
        #expect(words.contains(start + "a???[2J"))
        #expect(words.utf8.count < 500 && !words.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test func describesARejectionLikeItsError() {
        for rejection: RedisError.Rejection in [.readOnly, .other("ERR no such thing")] {
            #expect("\(rejection)" == "\(RedisError.rejected(rejection))")
        }
        #expect("\(RedisError.Rejection.other("ERR no such thing"))" == "Redis refused a command: ERR no such thing")
    }
}
