import Foundation
import TestSupport
import Testing

/// nginx's log of what it answers by itself: whatever bytes clients send, each line is UTF-8 and JSON.
@Suite(.waiting) struct RefusedLogTests {
    private static let many = String(repeating: "作", count: 300)
    /// What the log shows of a request line that continues with these bytes.
    private static let lines: [(bytes: [UInt8], shown: String)] = [
        (Array("/plain".utf8), "GET /plain HTTP/1.1"),
        (Array("/作业-é-\u{10FFFF}".utf8), "GET /作业-é-\u{10FFFF} HTTP/1.1"),
        (Array("/\"\\{}".utf8), "GET /\"\\{} HTTP/1.1"),
        (Array("/a".utf8) + [0xFF] + Array("b".utf8), "GET /a\u{FFFD}"),
        ([0x2F, 0x80], "GET /\u{FFFD}"),
        ([0x2F, 0xC3], "GET /\u{FFFD}"),
        ([0x2F, 0xC0, 0xAF], "GET /\u{FFFD}"),
        ([0x2F, 0xE0, 0x80, 0xAF], "GET /\u{FFFD}"),
        ([0x2F, 0xED, 0xA0, 0x80], "GET /\u{FFFD}"),
        ([0x2F, 0xF4, 0x90, 0x80, 0x80], "GET /\u{FFFD}"),
        ([0x2F, 0xF0, 0x8F, 0xBF, 0xBF], "GET /\u{FFFD}"),
        ([0x2F, 0xF8, 0x88, 0x80, 0x80, 0x80], "GET /\u{FFFD}"),
        ([0x2F, 0xE4, 0xBD], "GET /\u{FFFD}"),
        ([0x2F] + [UInt8](repeating: 0x78, count: 600), "GET /" + String(repeating: "x", count: 507)),
        // The 512 bytes end within a character of three.
        (Array("/x\(many)".utf8), "GET /x\(many.prefix(168))\u{FFFD}"),
        (Array("/\(many)".utf8), "GET /\(many.prefix(169))"),
    ]

    @Test func isUTF8AndJSONWhateverClientsSend() throws {
        let directory = try ScratchDirectory()
        let address = try SocketAddress.freePort()
        // No worker listens, so that nginx answers every request.
        let sockets = [directory.file("none.sock")]
        let configuration = try Deployment.nginx(in: directory, listen: address, workers: sockets)
        let nginx = try NginxServer(in: directory, configuration: configuration, address: address)
        defer { nginx.stop() }
        for (index, line) in Self.lines.enumerated() {
            let rest = Array(" HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: r\(index)\r\n\r\n".utf8)
            try expectAnswer(to: Array("GET ".utf8) + line.bytes + rest, at: address)
        }
        // Not even a request line.
        try expectAnswer(to: [0x16, 0x03, 0x01, 0xFF, 0xFE, 0x0D, 0x0A, 0x0D, 0x0A], at: address)

        let log = directory.file("nginx/refused.log")
        let lines = { FileManager.default.contents(atPath: log)?.split(separator: 0x0A) ?? [] }
        try eventually("every request is logged") { lines().count == Self.lines.count + 1 }
        var shown: [String: String] = [:]
        for line in lines() {
            let text = try #require(String(validating: line, as: UTF8.self), "not UTF-8: \(Array(line))")
            let entry = try Value(parsing: text)
            shown[try #require(entry["request_id"].string)] = entry["request"].string
        }
        for (index, line) in Self.lines.enumerated() { #expect(shown["r\(index)"] == line.shown) }
    }

    private func expectAnswer(to bytes: [UInt8], at address: SocketAddress) throws {
        let wire = try Wire(to: address)
        try wire.send(bytes)
        #expect(!(try wire.receive(patience: .seconds(20))).isEmpty)
    }
}
