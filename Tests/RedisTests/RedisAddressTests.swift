import Testing

@testable import Redis

struct RedisAddressTests {
    @Test(
        arguments: [
            ("redis://127.0.0.1", RedisAddress(.tcp(host: "127.0.0.1", port: 6379))),
            ("redis://localhost:6380/", RedisAddress(.tcp(host: "127.0.0.1", port: 6380))),
            ("redis://10.0.0.7:1/3", RedisAddress(.tcp(host: "10.0.0.7", port: 1), database: 3)),
            ("redis://[::1]", RedisAddress(.tcp(host: "::1", port: 6379))),
            ("redis://[fe80::7]:65535/12", RedisAddress(.tcp(host: "fe80::7", port: 65535), database: 12)),
            (
                "redis://works:secret@127.0.0.1",
                RedisAddress(.tcp(host: "127.0.0.1", port: 6379), user: "works", password: "secret")
            ),
            ("redis://works@127.0.0.1", RedisAddress(.tcp(host: "127.0.0.1", port: 6379), user: "works")),
            ("redis://:secret@127.0.0.1", RedisAddress(.tcp(host: "127.0.0.1", port: 6379), password: "secret")),
            (
                "redis://w%6Frks:%40%3a%2F%e4%BD%9c:b@[::1]:7/1",
                RedisAddress(.tcp(host: "::1", port: 7), user: "works", password: "@:/作:b", database: 1)
            ),
            ("unix:///run/redis.sock", RedisAddress(.unix(path: "/run/redis.sock"))),
            ("unix:///run/a%20b.sock?db=5", RedisAddress(.unix(path: "/run/a b.sock"), database: 5)),
            ("unix:///run/redis.sock?", RedisAddress(.unix(path: "/run/redis.sock"))),
            (
                "unix://works:p%3Fw@/run/redis.sock?db=0",
                RedisAddress(.unix(path: "/run/redis.sock"), user: "works", password: "p?w")
            ),
        ]
    )
    func readsAddresses(_ url: String, _ address: RedisAddress) throws {
        let read = try RedisAddress(url: url)
        #expect(read == address)
        #expect(read.password == address.password)
    }

    @Test(
        arguments: [
            ("", "must begin with"), ("127.0.0.1:6379", "must begin with"), ("http://127.0.0.1", "must begin with"),
            ("rediss://127.0.0.1", "must begin with"), ("REDIS://127.0.0.1", "must begin with"),
            ("redis://", "IP address or localhost"), ("redis://redis.internal", "not looked up"),
            ("redis://1.2.3", "IP address"), ("redis://::1", "IP address"), ("redis://[127.0.0.1]", "IPv6"),
            ("redis://[::1", "not closed"), ("redis://[::1]x", "colon and the port"), ("redis://[::g]", "IP address"),
            ("redis://127.0.0.1:", "port"), ("redis://127.0.0.1:0", "port"), ("redis://127.0.0.1:65536", "port"),
            ("redis://127.0.0.1:6379:1", "port"), ("redis://127.0.0.1:+1", "port"),
            ("redis://127.0.0.1/x", "database"), ("redis://127.0.0.1/-1", "database"),
            ("redis://127.0.0.1/1/2", "database"), ("redis://127.0.0.1/1234567890", "database"),
            ("redis://127.0.0.1?db=1", "no ?"), ("redis://127.0.0.1#1", "%23"),
            ("redis://u:%4@127.0.0.1", "two hexadecimal"), ("redis://u:%zz@127.0.0.1", "two hexadecimal"),
            ("redis://u:%ff@127.0.0.1", "UTF-8"), ("redis://u%00:p@127.0.0.1", "NUL"),
            ("unix://run/redis.sock", "no host"), ("unix://redis.sock", "absolute path"), ("unix:///", "2 to 106"),
            ("unix:///a?db=", "database"), ("unix:///a?db=1&x=2", "database"), ("unix:///a?x=1", "db="),
            ("unix:///a%00b", "NUL"),
        ] as [(String, String)]
    )
    func explainsWhyItRefusesOthers(_ url: String, _ words: String) throws {
        let error = try #require(throws: RedisAddressError.self) { try RedisAddress(url: url) }
        // An empty number counts as malformed, so "unix:///a?db=" gets the same sentence.
        #expect(error.description.contains(words))
    }

    @Test func acceptsPathsAsLongAsHiredisDoes() throws {
        let longest = "/" + String(repeating: "x", count: 105)
        #expect(try RedisAddress(url: "unix://\(longest)").endpoint == .unix(path: longest))
        #expect(throws: RedisAddressError.self) { try RedisAddress(url: "unix://\(longest)x") }
    }

    @Test(arguments: [
        "redis://works:hush@[::1]:7/1", "unix://:hush@/run/redis.sock", "redis://:hush@localhost",
        "redis://hush@localhost",
    ])
    func neverShowsThePassword(_ url: String) throws {
        let address = try RedisAddress(url: url)
        var dumped = ""
        dump(address, to: &dumped)
        for text in [
            address.description, address.debugDescription, "\([address])", String(reflecting: address), dumped,
        ] {
            #expect(!text.contains("hush"))
        }
    }

    @Test func describesItselfAsAnAddress() throws {
        for url in ["redis://127.0.0.1:6379/0", "unix:///run/redis.sock?db=2"] {
            #expect(try RedisAddress(url: url).description == url)
        }
        #expect(try RedisAddress(url: "redis://works:hush@[::1]:7/1").description == "redis://works@[::1]:7/1")
        #expect(try RedisAddress(url: "redis://hush@[::1]:7/1").description == "redis://***@[::1]:7/1")
    }

    @Test func greetsWithUserAndDatabase() throws {
        #expect(try RedisAddress(url: "redis://127.0.0.1").greeting.isEmpty)
        #expect(try RedisAddress(url: "redis://:p@127.0.0.1").greeting == [Command("AUTH", "p")])
        #expect(try RedisAddress(url: "redis://u@127.0.0.1").greeting == [Command("AUTH", "u", "")])
        let both = [Command("AUTH", "u", "p"), Command("SELECT", "4")]
        #expect(try RedisAddress(url: "redis://u:p@127.0.0.1/4").greeting == both)
    }
}
