import Testing

@testable import Redis

struct CommandTests {
    private func text(_ command: Command) -> String {
        String(decoding: command.encoded, as: UTF8.self)
    }

    @Test func encodesWordsWithTheirLengthsInBytes() {
        #expect(text(Command("PING")) == "*1\r\n$4\r\nPING\r\n")
        #expect(text(Command("SET", "作业", "")) == "*3\r\n$3\r\nSET\r\n$6\r\n作业\r\n$0\r\n\r\n")
    }

    @Test func encodesAppendedWordsLikeInitialOnes() {
        var command = Command("SET")
        command.append("key")
        command.append(Array("value".utf8))
        #expect(command == Command("SET", "key", "value"))
        #expect(command.wordCount == 3)
    }

    @Test(arguments: [1, 2, 9, 10, 11, 99, 100, 101, 999, 1000, 12_345])
    func countsAnyNumberOfWords(_ count: Int) throws {
        let words = (0..<count).map { "word \($0)" }
        var appended = Command([words[0]])
        for word in words.dropFirst() { appended.append(word) }
        #expect(appended == Command(words))

        let parser = try Parser()
        parser.feed(appended.encoded)
        let echo = try #require(try parser.next())
        #expect(echo.count == count)
        #expect((0..<count).map { echo[$0].string } == words)
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, 1_000_000, -987_654_321, Int.max, Int.min])
    func appendsNumbersInDecimal(_ number: Int) {
        var command = Command("INCRBY", "key")
        command.append(number)
        #expect(command == Command("INCRBY", "key", String(number)))
    }

    @Test func carriesAnyBytes() throws {
        let bytes = (0...255).map { UInt8($0) }
        var command = Command("SET", "key")
        command.append(bytes)
        let parser = try Parser()
        parser.feed(command.encoded)
        #expect(try parser.next()?[2].bytes == bytes[...])
    }

    /// hiredis reads the byte after a command of one word.
    @Test func isFollowedByANul() {
        for command in [Command("PING"), Command("GET", "key")] {
            let next = command.withEncoded { bytes, count in
                #expect(count == command.encoded.count)
                return bytes[count]
            }
            #expect(next == 0)
        }
    }

    @Test func isHarmlessToRepeatOnlyIfTheCallerSaysSo() {
        #expect(!Command("GET", "key").isHarmlessToRepeat)
        #expect(Command.reading("GET", "key").isHarmlessToRepeat)
        var command = Command("GET")
        command.isHarmlessToRepeat = true
        command.append("key")
        #expect(command == .reading("GET", "key"))
    }
}
