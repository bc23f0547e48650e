import Redis
import StoreTestSupport
import Testing

@testable import Store

/// What Lua in Redis makes of a packed array.
struct MessagePackTests {
    @Test func isReadAsItWasWritten() async throws {
        let lengths = [0, 1, 31, 32, 255, 256, 65_535, 65_536, 300_000]
        let texts = ["", "7", "订单", "a\0b"] + lengths.map { String(repeating: "x", count: $0) }
        try await withStore { store in
            var command = Command("EVAL", "return cmsgpack.unpack(ARGV[1])", "0")
            command.append(MessagePack.array(texts))
            let reply = try await store.redis.send(command)
            #expect((0..<reply.count).map { reply[$0].string } == texts)
            command = Command("EVAL", "return #cmsgpack.unpack(ARGV[1])", "0")
            command.append(MessagePack.array([]))
            #expect(try await store.redis.send(command).integer == 0)
        }
    }
}
