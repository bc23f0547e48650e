import TestSupport
import Testing

/// The three times of a work over HTTP, by the service's own clock; `WorksTests` has their rules.
@Suite(.sharingAStack) struct TimeTests {
    @Test func storesATimeInAnyZoneAsUTC() throws {
        let client = try Shared.client
        let work = try client.create(["created_at": "2021-12-02T00:53:34.987+08:00"])
        #expect(work.data["created_at"] == "2021-12-01T16:53:34Z")
        #expect(try client.work(work.path).data == work.data)
    }

    @Test func refusesATimeWithoutZone() throws {
        let body = draft(["created_at": "2021-12-01T16:53:34"])
        expectRefusal(400_101, try Shared.client.call("POST", "/api/v1/works", body), saying: "created_at")
    }

    @Test func acceptsATimeALittleInTheFuture() throws {
        let client = try Shared.client
        let soon = time(fromNow: 240)
        let work = try client.create(["created_at": .string(soon)])
        #expect(work.data["created_at"] == .string(soon))
        #expect(work.data["updated_at"] == .string(soon), "max(now, created)")
        let late = draft(["created_at": .string(time(fromNow: 400))])
        expectRefusal(400_101, try client.call("POST", "/api/v1/works", late), saying: "created_at")
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
