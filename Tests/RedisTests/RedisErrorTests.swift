import Redis
import Testing

struct RedisErrorTests {
    @Test(
        arguments: [
            ("LOADING Redis is loading the dataset in memory", .unavailable),
            ("BUSY Redis is busy running a script.", .unavailable),
            ("MASTERDOWN Link with MASTER is down", .unavailable),
            ("CLUSTERDOWN The cluster is down", .unavailable),
            ("TRYAGAIN Multiple keys request during rehashing of slot", .unavailable),
            ("NOREPLICAS Not enough good replicas to write.", .unavailable),
            ("ERR max number of clients reached", .unavailable),
            ("READONLY You can't write against a read only replica.", .readOnly),
            ("ERR Function not found", .functionMissing),
            ("OOM command not allowed when used memory > 'maxmemory'.", .full),
            ("MISCONF Errors writing to the AOF file", .full),
            ("NOAUTH Authentication required.", .misconfigured),
            ("WRONGPASS invalid username-password pair or user is disabled.", .misconfigured),
            ("NOPERM this user has no permissions", .misconfigured),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", .misconfigured),
            ("CROSSSLOT Keys in request don't hash to the same slot", .misconfigured),
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
        for error in [RedisError.disconnected, .overloaded, .rejected(.full)] { #expect(!error.isOutcomeUnknown) }
    }

    @Test func hasAKindAndASentenceForEachError() {
        let errors: [RedisError] = [
            .disconnected, .overloaded, .connectionLost, .timedOut, .rejected(.unavailable), .rejected(.readOnly),
            .rejected(.functionMissing), .rejected(.full), .rejected(.misconfigured), .rejected(.other("ERR")),
        ]
        #expect(errors.map(\.kind) == RedisError.Kind.allCases)
        #expect(Set(errors.map(\.description)).count == errors.count)
    }

    @Test func describesARejectionLikeItsError() {
        for rejection: RedisError.Rejection in [.readOnly, .other("ERR no such thing")] {
            #expect("\(rejection)" == "\(RedisError.rejected(rejection))")
        }
        #expect("\(RedisError.Rejection.other("ERR no such thing"))" == "ERR no such thing")
    }
}
