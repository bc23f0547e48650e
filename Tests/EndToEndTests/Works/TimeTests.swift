import TestSupport
import Testing

/// The three times of a work: what is accepted, what is returned, and the defaults.
@Suite(.sharingAStack) struct TimeTests {
    @Test(arguments: [
        "2021-12-01T16:53:34Z", "2021-12-01T16:53:34.987Z", "2021-12-01T16:53:34.1Z", "2021-12-01T16:53:34.999999999Z",
        "2021-12-02T00:53:34+08:00", "2021-12-01T11:23:34-05:30", "2021-12-01T16:53:34+00:00",
    ])
    func takesISO8601WithAZone(_ text: String) throws {
        let work = try Shared.client.create(["created_at": .string(text), "updated_at": .string(text)])
        #expect(work.data["created_at"] == "2021-12-01T16:53:34Z")
        #expect(work.data["updated_at"] == "2021-12-01T16:53:34Z")
    }

    @Test(arguments: [
        "2021-12-01T16:53:34", "2021-12-01", "yesterday", "1638377614", "2021-02-29T00:00:00Z", "2021-13-01T00:00:00Z",
        "2021-00-01T00:00:00Z", "2021-01-00T00:00:00Z", "2021-12-01T25:00:00Z", "2021-12-01T16:60:34Z",
        "2021-12-01T16:53:34 Z", "2021-12-01T16:53:34ZZ", "2021-12-01T16:53:34+25:00", "2021-12-01T16:53Zulu",
        "-2021-12-01T16:53:34Z", "2021-12-01T16:53:34.Z", "２０２１-12-01T16:53:34Z",
    ])
    func refusesOtherTexts(_ text: String) throws {
        for field in ["created_at", "updated_at", "deleted_at"] {
            let body = draft(.object([.init(field, .string(text))]))
            expectRefusal(400_101, try Shared.client.call("POST", "/api/v1/works", body), saying: field)
        }
    }

    @Test(arguments: [1_638_377_614, 1.5, true, ["2021-12-01T16:53:34Z"]] as [Value])
    func refusesOtherTypes(_ value: Value) throws {
        let answer = try Shared.client.call("POST", "/api/v1/works", draft(["created_at": value]))
        expectRefusal(400_101, answer, saying: "created_at")
    }

    @Test func acceptsTimesALittleInTheFuture() throws {
        let client = try Shared.client
        let soon = time(fromNow: 240)
        let work = try client.create(["created_at": .string(soon)])
        #expect(work.data["created_at"] == .string(soon))
        #expect(work.data["updated_at"] == .string(soon), "max(now, created)")
        for field in ["created_at", "updated_at", "deleted_at"] {
            let body = draft(.object([.init(field, .string(time(fromNow: 400)))]))
            expectRefusal(400_101, try client.call("POST", "/api/v1/works", body), saying: field)
        }
    }

    @Test func fillsInAMissingTime() throws {
        let client = try Shared.client
        let fresh = try client.create().data
        #expect(distanceFromNow(fresh["created_at"]) < 10)
        #expect(fresh["created_at"] == fresh["updated_at"])
        let old = "2020-02-29T12:00:00Z"
        let created = try client.create(["created_at": .string(old)]).data
        #expect(created["created_at"] == .string(old))
        #expect(distanceFromNow(created["updated_at"]) < 10, "max(now, created)")
        let updated = try client.create(["updated_at": .string(old)]).data
        #expect(updated["created_at"] == .string(old), "min(now, updated)")
        #expect(updated["updated_at"] == .string(old))
    }

    @Test func refusesAnUpdateBeforeTheCreation() throws {
        let times: Value = ["created_at": "2021-01-01T00:00:01Z", "updated_at": "2021-01-01T00:00:00Z"]
        expectRefusal(400_101, try Shared.client.call("POST", "/api/v1/works", draft(times)))
    }

    @Test func comparesTimesAsTheyAreReturned() throws {
        let work = try Shared.client.create([
            "created_at": "2021-01-01T00:00:00.9Z", "updated_at": "2021-01-01T00:00:00.1Z",
        ])
        #expect(work.data["created_at"] == work.data["updated_at"])
    }

    @Test func createsAWorkInTheTrash() throws {
        let client = try Shared.client
        let work = try client.create(["deleted_at": "2021-01-01T00:00:00Z"])
        #expect(work.data["deleted_at"] == "2021-01-01T00:00:00Z")
        expectRefusal(404_102, try client.call("GET", work.path))
        #expect(try client.work(work.path + "?include_deleted=true").data == work.data)
        let user = work.data["user_id"].string ?? ""
        #expect(try client.page("/api/v1/works?user_id=\(user)").total == 0)
        #expect(try client.page("/api/v1/works?user_id=\(user)&deleted=only").ids == [work.id])
    }
}
