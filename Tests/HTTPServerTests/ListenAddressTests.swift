import HTTP
import HTTPServer
import Testing

struct ListenAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1:8081", .tcp(host: "127.0.0.1", port: 8081)),
            ("0.0.0.0:0", .tcp(host: "0.0.0.0", port: 0)),
            ("10.1.2.3:65535", .tcp(host: "10.1.2.3", port: 65535)),
            ("localhost:80", .tcp(host: "127.0.0.1", port: 80)),
            ("[::1]:8081", .tcp(host: "::1", port: 8081)),
            ("[2001:db8::7]:1", .tcp(host: "2001:db8::7", port: 1)),
            ("unix:/run/works.sock", .unix(path: "/run/works.sock")),
            ("unix:///run/works.sock", .unix(path: "///run/works.sock")),
        ] as [(String, ListenAddress)]
    )
    func isParsed(text: String, expected: ListenAddress) {
        #expect(ListenAddress(text) == expected)
    }

    @Test(arguments: [
        "", ":", "8081", ":8081", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+80",
        "127.0.0.1: 80", "127.0.0.1:8o", "127.0.0.1:80:80", "256.0.0.1:80", "1.2.3:80", "example.org:80", "::1:80",
        "::1", "[::1]", "[::1:80", "::1]:80", "[]:80", "[127.0.0.1]:80", "[localhost]:80", "[[::1]]:80", "unix:",
        "unix:relative", "unix:works.sock", "UNIX:/a", "http://127.0.0.1:80",
        "unix://works:hush@/run/redis.sock", "unix://run/works.sock",
    ])
    func isRefused(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func hasRoomForAPathOf107Bytes() {
        #expect(ListenAddress("unix:/" + String(repeating: "x", count: 106)) != nil)
        #expect(ListenAddress("unix:/" + String(repeating: "x", count: 107)) == nil)
        #expect(ListenAddress("unix:/" + String(repeating: "é", count: 54)) == nil)
    }

    @Test(arguments: ["127.0.0.1:8081", "[::1]:8081", "unix:/run/works.sock"])
    func describesItselfAsItIsWritten(text: String) {
        #expect(ListenAddress(text)?.description == text)
    }
}
