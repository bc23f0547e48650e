import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// Whose request it is: what nginx says on a unix socket, and the peer itself on a port.
@Suite(.waiting) struct ClientAddressTests {
    /// Answers with the client's address.
    @LoopActor private static func nameClient(_ request: Request) async -> Response {
        Response(status: 200, fields: [], body: Array((request.client ?? "unknown").utf8))
    }

    private func client(at address: SocketAddress, _ headers: [String: String]) async throws -> String {
        var client = ""
        try await withServer(at: address, handler: Self.nameClient) { server in
            client = try server.call(Call("GET", "/", headers: headers)).text
        }
        return client
    }

    @Test(arguments: [
        ("10.0.0.7", "10.0.0.7"), ("2001:db8::7", "2001:db8::7"), ("::ffff:10.0.0.7", "::ffff:10.0.0.7"),
        ("0000:0000:0000:0000:0000:ffff:192.168.100.228", "0000:0000:0000:0000:0000:ffff:192.168.100.228"),
        ("00000:0000:0000:0000:0000:ffff:192.168.100.228", "unknown"),
        ("", "unknown"), ("unix:", "unknown"), ("10.0.0.7, 10.0.0.8", "unknown"), ("10.0.0.256", "unknown"),
        ("example.org", "unknown"), ("10.0.0.7\"}", "unknown"), ("fe80::1%eth0", "unknown"),
    ])
    func aUnixSocketIsBelieved(_ value: String, _ client: String) async throws {
        let directory = try ScratchDirectory()
        let address = SocketAddress.unix(directory.file("http.sock"))
        #expect(try await self.client(at: address, ["X-Real-IP": value]) == client)
        #expect(try await self.client(at: address, ["x-real-ip": value]) == client)
    }

    @Test func withoutTheFieldAUnixSocketTellsNothing() async throws {
        let directory = try ScratchDirectory()
        let address = SocketAddress.unix(directory.file("http.sock"))
        #expect(try await client(at: address, ["X-Forwarded-For": "10.0.0.7"]) == "unknown")
    }

    @Test func aPortIsNotBelieved() async throws {
        #expect(try await client(at: .freePort(), ["X-Real-IP": "10.0.0.7"]) == "127.0.0.1")
        #expect(try await client(at: .freePort(), [:]) == "127.0.0.1")
    }
}
