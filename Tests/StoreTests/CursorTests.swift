import Secrets
import Secrets
import Testing
import Works

@testable import Store

/// A cursor is good for the list that it came from, and for nothing else.
struct CursorTests {
    private let key = SecretKey(hex: "000102030405060708090a0b0c0d0e0f")!
    private let scope = "works?user_id=alice&order=-created_at"

    @Test(arguments: [
        Position(score: 1_638_377_614, id: "002588b939b34699a278f7362c4313fa"),
        Position(score: 0, id: "a"),
        Position(score: -1, id: "-"),
        Position(score: -62_167_219_200, id: String(repeating: "x", count: 64)),
        Position(score: 253_402_300_799, id: "_"),
        Position(score: .min, id: "0"),
        Position(score: .max, id: "0"),
    ])
    func comesBackAsItWentOut(position: Position) throws {
        let text = Cursor(position: position).text(for: scope, key: key)
        #expect(try Cursor(text: text, for: scope, key: key) == Cursor(position: position))
    }

    @Test func needsNoEscapeInAQuery() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for length in 1...64 {
            let cursor = Cursor(position: Position(score: 1, id: String(repeating: "a", count: length)))
            #expect(cursor.text(for: scope, key: key).allSatisfy(alphabet.contains))
        }
    }

    @Test func isTheSameOnEveryWorker() {
        let cursor = Cursor(position: Position(score: 1_638_377_614, id: "id"))
        #expect(cursor.text(for: scope, key: key) == cursor.text(for: scope, key: key))
    }

    @Test(arguments: [
        "", "works", "works?user_id=alice&order=created_at", "works?user_id=bob&order=-created_at",
        "works?user_id=alice&order=-created_at ", "works?user_id=alice&order=-created_a",
    ])
    func isRefusedInAnotherScope(other: String) {
        let text = Cursor(position: Position(score: 1, id: "id")).text(for: scope, key: key)
        #expect(throws: StoreError.cursorInvalid) { try Cursor(text: text, for: other, key: key) }
    }

    @Test func tellsScopesApartByTheirBytes() {
        let text = Cursor(position: Position(score: 1, id: "id")).text(for: "u=\u{e9}", key: key)
        #expect(throws: StoreError.cursorInvalid) { try Cursor(text: text, for: "u=e\u{301}", key: key) }
    }

    /// The end of the id must not pass for the beginning of the scope.
    @Test func keepsThePlaceAndTheScopeApart() throws {
        let text = Cursor(position: Position(score: 1, id: "ab")).text(for: "cd", key: key)
        let bytes = try #require(Base64URL.bytes(text))
        #expect(throws: StoreError.cursorInvalid) {
            try Cursor(text: Base64URL.text(bytes.dropLast()), for: "bcd", key: key)
        }
        #expect(throws: StoreError.cursorInvalid) {
            try Cursor(text: Base64URL.text(bytes + Array("c".utf8)), for: "d", key: key)
        }
    }

    @Test(arguments: ["000102030405060708090a0b0c0d0e0e", "010102030405060708090a0b0c0d0e0f"])
    func isRefusedUnderAnotherKey(hex: String) throws {
        let other = try #require(SecretKey(hex: hex))
        let text = Cursor(position: Position(score: 1, id: "id")).text(for: scope, key: key)
        #expect(throws: StoreError.cursorInvalid) { try Cursor(text: text, for: scope, key: other) }
    }

    /// Ids of 1 to 3 bytes leave no, four or two bits over in the last character.
    @Test(arguments: ["a", "ab", "abc"])
    func isRefusedAfterAnyChangeOfOneCharacter(id: String) {
        let text = Array(Cursor(position: Position(score: 1_638_377_614, id: id)).text(for: scope, key: key).utf8)
        var taken = 0
        for index in text.indices {
            for byte in UInt8.min..<128 where byte != text[index] {
                var changed = text
                changed[index] = byte
                if isTaken(String(decoding: changed, as: UTF8.self)) { taken += 1 }
            }
        }
        #expect(taken == 0)
    }

    @Test func isRefusedAfterAnyChangeOfOneBit() throws {
        let text = Cursor(position: Position(score: 1_638_377_614, id: "002588b9")).text(for: scope, key: key)
        let bytes = try #require(Base64URL.bytes(text))
        var taken = 0
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                if isTaken(Base64URL.text(changed)) { taken += 1 }
            }
        }
        #expect(bytes.count == 32)
        #expect(taken == 0)
    }

    @Test func isRefusedWhenCutOrLengthened() {
        let text = Cursor(position: Position(score: 1_638_377_614, id: "002588b9")).text(for: scope, key: key)
        for count in 0..<text.count {
            #expect(!isTaken(String(text.prefix(count))))
            #expect(!isTaken(String(text.suffix(count))))
        }
        for extra in ["A", "AA", "AAAA", "=", "==", "\n", " ", "%3D"] {
            #expect(!isTaken(text + extra))
            #expect(!isTaken(extra + text))
        }
    }

    @Test(arguments: [
        "", "A", "0", "null", "====", "é", "\0", String(repeating: "A", count: 1024),
        String(repeating: "A", count: 1025),
        String(repeating: "A", count: 100_000),
    ])
    func isRefusedWhenMadeUp(text: String) {
        #expect(!isTaken(text))
    }

    private func isTaken(_ text: String) -> Bool {
        do throws(StoreError) {
            _ = try Cursor(text: text, for: scope, key: key)
            return true
        } catch {
            return error != .cursorInvalid
        }
    }
}
