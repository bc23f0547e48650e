import Redis
import StoreTestSupport
import Testing

@testable import Store

/// What Lua in Redis makes of packed values.
struct MessagePackTests {
    @Test func packsTextsOfAnyLength() async throws {
        let lengths = [0, 1, 31, 32, 255, 256, 65_535, 65_536, 300_000]
        let texts = ["", "7", "订单", "a\0b"] + lengths.map { String(repeating: "x", count: $0) }
        try await withStore { store in
            let reply = try await unpacked(MessagePack(texts).array, "unpacked", in: store)
            #expect((0..<reply.count).map { reply[$0].string } == texts)
            let empty = try await unpacked(MessagePack().array, "#unpacked", in: store)
            #expect(empty.integer == 0)
        }
    }

    @Test func packsNumbersThatLuaCanCount() async throws {
        let numbers = [
            0, 1, 127, 128, 255, 256, 32_767, 65_535, 65_536, 1 << 31, 1 << 32, 1 << 52, -1, -128, -62_167_219_200,
        ]
        var values = MessagePack(["7"])
        for number in numbers { values.append(number) }
        try await withStore { store in
            let reply = try await unpacked(values.array, "unpacked", in: store)
            #expect((1..<reply.count).map { reply[$0].integer } == numbers)
            let types = try await unpacked(values.array, "type(unpacked[1]) .. type(unpacked[2])", in: store)
            #expect(types.string == "stringnumber")
        }
    }

    @Test func packsArraysAndMapsInside() async throws {
        var inner = MessagePack()
        inner.set("text", to: "a")
        var values = MessagePack()
        values.append(array: MessagePack(["x", "y"]))
        values.append(map: inner)
        values.append(array: MessagePack())
        try await withStore { store in
            let array = "{ #unpacked, unpacked[1][2], unpacked[2].text, #unpacked[3] }"
            let reply = try await unpacked(values.array, array, in: store)
            #expect(reply.description == #"[3, "y", "a", 0]"#)
        }
    }

    @Test func packsAMapWithoutTheFieldsThatAreNil() async throws {
        var fields = MessagePack()
        fields.set("number", to: 7)
        fields.set("none", to: Int?.none)
        fields.set("text", to: "订")
        fields.set("blank", to: String?.none)
        fields.set("yes", to: true)
        fields.set("no", to: false)
        fields.set("list", to: MessagePack(["a", "b"]))
        try await withStore { store in
            let values =
                "{ unpacked.number + 1, unpacked.text, unpacked.yes == true, unpacked.no == false, #unpacked.list }"
            let reply = try await unpacked(fields.map, values, in: store)
            #expect(reply.description == #"[8, "订", 1, 1, 2]"#)
            let absent = "tostring(unpacked.none) .. tostring(unpacked.blank)"
            let none = try await unpacked(fields.map, absent, in: store)
            #expect(none.string == "nilnil")
        }
    }

    /// What a Lua expression makes of the values, which it calls `unpacked`.
    private func unpacked(_ bytes: [UInt8], _ expression: String, in store: StoreUnderTest) async throws -> Reply {
        var command = Command("EVAL", "local unpacked = cmsgpack.unpack(ARGV[1]); return \(expression)", "0")
        command.append(bytes)
        return try await store.redis.send(command)
    }
}
