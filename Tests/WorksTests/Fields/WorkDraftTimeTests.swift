import JSON
import Testing
import Works

/// The three times of a new work: what is accepted, and what stands in for one that is not given.
struct WorkDraftTimeTests {
    private static let names = ["created_at", "updated_at", "deleted_at"]

    private func work(_ times: KeyValuePairs<String, Timestamp>) throws -> Work {
        var body = Body.leastWork
        for (name, time) in times { body = body.with(name, time.quoted) }
        return try body.work()
    }

    @Test func isNowWhenNoneIsGiven() throws {
        let work = try Body.leastWork.work()
        #expect(work.createdAt.milliseconds == now.milliseconds)
        #expect(work.updatedAt.milliseconds == now.milliseconds)
        #expect(work.deletedAt == nil)
    }

    @Test func keepsBothWhenBothAreGiven() throws {
        let (created, updated) = (now.advanced(seconds: -20), now.advanced(seconds: -10))
        let work = try work(["created_at": created, "updated_at": updated])
        #expect(work.createdAt == created)
        #expect(work.updatedAt == updated)
    }

    @Test func wasUpdatedNowOrWhenItWasCreatedIfThatIsLater() throws {
        let (past, future) = (now.advanced(seconds: -10), now.advanced(seconds: 10))
        let old = try work(["created_at": past])
        #expect(old.createdAt == past)
        #expect(old.updatedAt.milliseconds == now.milliseconds)
        let new = try work(["created_at": future])
        #expect(new.createdAt == future)
        #expect(new.updatedAt.milliseconds == new.createdAt.milliseconds)
    }

    @Test func wasCreatedNowOrWhenItWasUpdatedIfThatIsEarlier() throws {
        let (past, future) = (now.advanced(seconds: -10), now.advanced(seconds: 10))
        let old = try work(["updated_at": past])
        #expect(old.updatedAt == past)
        #expect(old.createdAt.milliseconds == old.updatedAt.milliseconds)
        let new = try work(["updated_at": future])
        #expect(new.updatedAt == future)
        #expect(new.createdAt.milliseconds == now.milliseconds)
    }

    @Test(arguments: [
        (#""2021-12-01T16:53:34.1Z""#, 100), (#""2021-12-01T16:53:34.999Z""#, 999), (#""2021-12-01T16:53:34Z""#, 0),
    ])
    func ordersTheDefaultByMilliseconds(json: String, milliseconds: Int) throws {
        let given = now.seconds * 1000 + milliseconds
        let created = try Body.leastWork.with("created_at", json).work()
        #expect(created.createdAt.milliseconds == given)
        #expect(created.updatedAt.milliseconds == max(given, now.milliseconds))
        let updated = try Body.leastWork.with("updated_at", json).work()
        #expect(updated.updatedAt.milliseconds == given)
        #expect(updated.createdAt.milliseconds == min(given, now.milliseconds))
    }

    @Test(arguments: names)
    func mayBeFiveMinutesAheadAndNotASecondMore(name: String) throws {
        let limit = now.advanced(seconds: 300)
        #expect(try work([name: limit]).members()[name] == .string(limit.text))
        #expect(throws: Never.self) { try Body.leastWork.with(name, #""2021-12-01T16:58:34.999Z""#).work() }
        #expect(throws: Refusal.field(name, .inTheFuture)) { try work([name: limit.advanced(seconds: 1)]) }
        #expect(throws: Refusal.field(name, .inTheFuture)) {
            try Body.leastWork.with(name, #""9999-12-31T23:59:59Z""#).work()
        }
    }

    @Test func refusesAnUpdateBeforeTheCreation() {
        let refusal = Refusal.field("updated_at", .before("created_at"))
        #expect(throws: refusal) { try work(["created_at": now, "updated_at": now.advanced(seconds: -1)]) }
        #expect(throws: Never.self) { try work(["created_at": now, "updated_at": now]) }
    }

    @Test func comparesTimesInWholeSeconds() throws {
        let work = try Body.leastWork.with("created_at", #""2021-01-01T00:00:00.9Z""#)
            .with("updated_at", #""2021-01-01T00:00:00.1Z""#).work()
        #expect(work.createdAt == work.updatedAt)
        #expect(work.createdAt.milliseconds - work.updatedAt.milliseconds == 800)
    }

    @Test func isBornInTheTrashWithATimeOfDeletion() throws {
        for seconds in [-1_000_000, 0, 300] {
            let deleted = try work(["deleted_at": now.advanced(seconds: seconds)])
            #expect(deleted.isDeleted)
            #expect(deleted.deletedAt == now.advanced(seconds: seconds))
            #expect(deleted.createdAt == now, "which may be later than the deletion")
        }
    }

    @Test(arguments: names)
    func refusesWhatIsNotATimeWithAZone(name: String) {
        let refusal = Refusal.field(name, .not(.time))
        for json in [
            #""2021-12-01T16:53:34""#, #""2021-12-01""#, #""yesterday""#, #"" ""#, #""2021-02-29T00:00:00Z""#,
            #""1638377614""#, "1638377614", "0", "1.5", "true", "{}", #"["2021-12-01T16:53:34Z"]"#,
        ] {
            #expect(throws: refusal, "\(json)") { try Body.leastWork.with(name, json).work() }
        }
    }

    @Test func reportsTimesAfterValuesInTheirOrder() {
        let late = now.advanced(seconds: 301).quoted
        let later = now.advanced(seconds: 302).quoted
        let faults: [(name: String, json: String, refusal: Refusal)] = [
            ("status", "8", .field("status", .not(.status))),
            ("created_at", later, .field("created_at", .inTheFuture)),
            ("updated_at", late, .field("updated_at", .inTheFuture)),
            ("deleted_at", late, .field("deleted_at", .inTheFuture)),
        ]
        for first in faults.indices {
            var body = Body.leastWork
            for fault in faults[first...] { body = body.with(fault.name, fault.json) }
            #expect(throws: faults[first].refusal) { try body.work() }
        }
        #expect(throws: Refusal.field("deleted_at", .inTheFuture), "before the order of the other two") {
            try Body.leastWork.with("created_at", now.quoted).with("updated_at", now.advanced(seconds: -1).quoted)
                .with("deleted_at", late).work()
        }
    }
}
