import HTTP
import Testing

struct OriginTests {
    @Test(arguments: [
        ("http://tools.corp", "http://tools.corp:80"), ("https://tools.corp", "https://tools.corp:443"),
        ("HTTPS://Tools.Corp", "https://tools.corp"), ("http://10.0.0.7:8080", "http://10.0.0.7:08080"),
        ("http://[::1]", "http://[::1]:80"), ("http://[FE80::1]:8080", "http://[fe80::1]:8080"),
    ])
    func isEqualInEverySpelling(one: String, other: String) throws {
        #expect(try #require(Origin(one)) == #require(Origin(other)))
    }

    @Test(arguments: [
        ("http://tools.corp", "https://tools.corp"), ("http://tools.corp", "http://tools.corp:8080"),
        ("http://tools.corp", "http://tools.corp.evil"), ("http://tools.corp", "http://corp"),
        ("http://[::1]:1", "http://[::1]:2"), ("http://a:443", "https://a:443"),
    ])
    func differsInSchemeHostOrPort(one: String, other: String) throws {
        #expect(try #require(Origin(one)) != #require(Origin(other)))
    }

    @Test(arguments: [
        "", "null", "tools.corp", "tools.corp:8080", "http:tools.corp", "http:/tools.corp", "http://", "http://:80",
        "://tools.corp", "ftp://tools.corp", "file://", "http://a:", "http://a:x", "http://a:0", "http://a:65536",
        "http://a:99999999999999999999", "http://a:-1", "http://a/", "http://a/b", "http://u@a", "http://a http://b",
        "chrome-extension://abc",
    ])
    func refusesAnythingElse(text: String) {
        #expect(Origin(text) == nil)
    }

    @Test func ofAHostHasTheSchemeOfThePage() throws {
        let secure = try #require(Origin("https://works.corp"))
        #expect(Origin(host: "Works.corp", asSeenFrom: secure) == secure)
        #expect(Origin(host: "works.corp:443", asSeenFrom: secure) == secure)
        #expect(Origin(host: "works.corp:80", asSeenFrom: secure) != secure)
        #expect(Origin(host: "works.corp:x", asSeenFrom: secure) == nil)
        #expect(Origin(host: "", asSeenFrom: secure) == nil)
    }
}
