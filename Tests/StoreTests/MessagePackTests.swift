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
            command.append(packed(texts, []))
            let reply = try await store.redis.send(command)
            #expect((0..<reply.count).map { reply[$0].string } == texts)
            command = Command("EVAL", "return #cmsgpack.unpack(ARGV[1])", "0")
            command.append(packed([], []))
            #expect(try await store.redis.send(command).integer == 0)
        }
    }

    @Test func hasNumbersAmongItsTexts() async throws {
        let numbers = [0, 1, 127, 128, 255, 256, 32_767, 65_535, 65_536, 1 << 31, 1 << 32, 1 << 52]
        try await withStore { store in
            var command = Command("EVAL", "return cmsgpack.unpack(ARGV[1])", "0")
            command.append(packed(["7"], numbers))
            let reply = try await store.redis.send(command)
            #expect((1..<reply.count).map { reply[$0].integer } == numbers)
            command = Command("EVAL", "local a = cmsgpack.unpack(ARGV[1]); return type(a[1]) .. type(a[2])", "0")
            command.append(packed(["7"], numbers))
            #expect(try await store.redis.send(command).string == "stringnumber")
        }
    }

    private func packed(_ texts: [String], _ numbers: [Int]) -> [UInt8] {
        var array = MessagePack()
        for text in texts { array.append(text) }
        for number in numbers { array.append(number) }
        return array.bytes
    }
}
