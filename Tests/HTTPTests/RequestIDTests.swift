import HTTP
import Testing

struct RequestIDTests {
    @Test func isUnique() {
        let ids = (0..<10_000).map { _ in RequestID.next() }
        #expect(Set(ids).count == ids.count)
        for id in ids.prefix(100) {
            #expect(id.utf8.count == 32)
            #expect(id.allSatisfy { "0123456789abcdef".contains($0) })
            #expect(RequestID.accepts(id))
        }
    }

    @Test(arguments: ["a", "0", "A-z_0.9", "...", String(repeating: "x", count: 128)])
    func acceptsAClientsOwn(id: String) {
        #expect(RequestID.accepts(id))
    }

    @Test(arguments: ["", " ", "a b", "a,b", "a\n", "a\0", "é", "作", "a/b", "a:b", String(repeating: "x", count: 129)])
    func refusesAnythingElse(id: String) {
        #expect(!RequestID.accepts(id))
    }
}
