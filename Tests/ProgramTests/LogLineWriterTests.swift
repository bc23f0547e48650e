import HTTP
import JSON
import Testing
import Works

@testable import API
@testable import works_worker

/// What a line of the log looks like.
struct LogLineWriterTests {
    private static let time = Timestamp(milliseconds: 1_704_067_200_123)
    private static func entry(of client: String?) -> AccessEntry {
        AccessEntry(
            method: .get,
            route: "/api/v1/works/:id",
            status: 404,
            code: 404_101,
            microseconds: 250,
            bodyByteCount: 99,
            requestID: "r1",
            client: client
        )
    }

    private func line(_ format: LogFormat, client: String? = "10.0.0.7", lostCount: Int = 0) -> String {
        var line = JSONWriter()
        LogLineWriter(format, worker: "w1").write(
            Self.entry(of: client),
            at: Self.time,
            lostCount: lostCount,
            to: &line
        )
        return String(decoding: line.bytes, as: UTF8.self)
    }

    private func event(_ format: LogFormat) -> String {
        writing(event: #"a "b""#, format)
    }

    private func writing(event: String, _ format: LogFormat) -> String {
        var line = JSONWriter()
        LogLineWriter(format, worker: "w1").write(event: event, at: Self.time, to: &line)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    @Test func jsonHasAFieldForEachFact() {
        let start =
            #"{"time":"\#(Self.time.text)","worker":"w1","method":"GET","route":"/api/v1/works/:id","status":404,"#
        let rest = #""code":404101,"us":250,"bytes":99,"request_id":"r1","client":"#
        let known = start + rest + #""10.0.0.7""#
        #expect(line(.json) == known + "}\n")
        #expect(line(.json, client: nil) == start + rest + "null}\n")
        #expect(line(.json, lostCount: 3) == known + #","lost_lines":3}"# + "\n")
        #expect(event(.json) == #"{"time":"\#(Self.time.text)","worker":"w1","note":"a \"b\""}"# + "\n")
    }

    @Test func textHasTheSameFactsInTheSameOrder() {
        let facts = "\(Self.time.text) w1 GET /api/v1/works/:id 404 404101 250us 99B r1 "
        #expect(line(.text) == facts + "10.0.0.7\n")
        #expect(line(.text, client: nil) == facts + "-\n")
        #expect(line(.text, lostCount: 3) == facts + "10.0.0.7 lost_lines=3\n")
        let odd = writing(event: "a\u{1B}[2J\nb", .text)
        #expect(odd == "\(Self.time.text) w1 a?[2J?b\n", "one event is one line")
        #expect(event(.text) == "\(Self.time.text) w1 a \"b\"\n")
    }

    @Test func offWritesNothing() {
        #expect(line(.off) == "" && event(.off) == "")
    }
}
