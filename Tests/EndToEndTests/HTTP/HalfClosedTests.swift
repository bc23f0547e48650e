import TestSupport
import Testing

/// Clients that close their sending side once the request is sent, and wait for the answer (RFC 9112 §9.6).
@Suite(.sharingAStack) struct HalfClosedTests {
    @Test func areAnsweredByNginx() throws {
        for number in 0..<20 {
            let body = draft(["name": .string("half closed \(number)")]).description
            let call = Call("POST", "/api/v1/works", headers: ["Connection": "close"], text: body)
            let connection = try HTTPConnection(to: try Shared.stack.nginx.address)
            try connection.send(call)
            if number % 2 == 1 { pause(.milliseconds(number)) }
            connection.wire.finishSending()
            let data = try expectSuccess(try connection.receive())
            #expect(data["name"] == .string("half closed \(number)"))
        }
    }
}
