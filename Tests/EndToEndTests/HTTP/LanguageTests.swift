import TestSupport
import Testing

/// Messages in English, or in Chinese for clients that prefer it.
@Suite(.sharingAStack) struct LanguageTests {
    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) }
    }

    @Test(arguments: [
        "zh", "zh-CN", "zh-Hans-CN", "ZH", "zh-CN,zh;q=0.9,en;q=0.8", "en;q=0.5, zh;q=0.6", "fr, zh;q=0.3",
        "zh, *;q=0.1",
    ])
    func speaksChinese(_ preference: String) throws {
        let headers = ["Accept-Language": preference]
        let answer = try Shared.client.call("POST", "/api/v1/works", draft(["status": 9]), headers: headers)
        #expect(isChinese(expectRefusal(400_101, answer, saying: "status")))
    }

    @Test(arguments: [
        "", "en", "en-US,en;q=0.9,zh;q=0.8", "zh;q=0", "zh;q=0.2, en;q=0.3", "fr", "*", "zhx", ";;q=,zh=1",
    ])
    func speaksEnglishOtherwise(_ preference: String) throws {
        let headers = ["Accept-Language": preference]
        let answer = try Shared.client.call("POST", "/api/v1/works", draft(["status": 9]), headers: headers)
        let message = expectRefusal(400_101, answer, saying: "status")
        #expect(message.utf8.allSatisfy { $0 < 0x80 })
    }

    /// nginx makes the same choice in what it answers by itself.
    @Test(arguments: [
        "zh", "zh-CN", "zh-Hans-CN", "ZH", "zh-CN,zh;q=0.9,en;q=0.8", "en;q=0.5, zh;q=0.6", "fr, zh;q=0.3",
        "zh, *;q=0.1", "en;q=0.85,zh;q=0.9", "en;q=0.8,zh;q=0.85", "en;q=0.999, zh", "zh;q=1.000,en;q=0.9",
        "en;q=0,zh;q=0.001", "zh;q=0.5,en;q=0.5", "zh, en", "en;q=0.1, *;q=0.2", "en-US;q=0.7 , zh-TW ; q=0.8",
    ])
    func nginxSpeaksChinese(_ preference: String) throws {
        #expect(isChinese(try nginxRefusal(preference)))
    }

    @Test(arguments: [
        "", "en", "en-US,en;q=0.9,zh;q=0.8", "zh;q=0", "zh;q=0.2, en;q=0.3", "fr", "*", "zhx", ";;q=,zh=1",
        "zh;q=0, en", "zh;q=0.0,*", "en, zh", "en;q=0.5,zh;q=0.5", "zh;q=0.85,en;q=0.9", "zh;q=0.8,en;q=0.85",
        "zh;q=2", "zh;q=0,en;q=0", "zh;q=0.1, *;q=0.2",
    ])
    func nginxSpeaksEnglishOtherwise(_ preference: String) throws {
        #expect(try nginxRefusal(preference).utf8.allSatisfy { $0 < 0x80 })
    }

    /// The sentence with which nginx refuses a method that it does not pass on.
    private func nginxRefusal(_ preference: String) throws -> String {
        let answer = try Shared.client.call("TRACE", "/livez", headers: ["Accept-Language": preference])
        #expect(answer["X-Worker"] == "nginx")
        return expectRefusal(405_100, answer)
    }

    @Test func saysEveryRefusalInBothLanguages() throws {
        let client = try Shared.client
        let work = try client.create()
        let gone = try client.create()
        try client.delete(gone)
        let task = try client.createTask(
            of: work,
            ["status": 1, "task_id": "one", "ended_at": .string(time(fromNow: 200))]
        )
        let key = unique()
        _ = try client.create(headers: ["Idempotency-Key": key])
        let provocations: [(Int, Call)] = [
            (400_100, Call("POST", "/api/v1/works", text: "[]")),
            (400_101, Call("POST", "/api/v1/works", text: "{}")),
            (400_102, Call("PATCH", work.path, text: #"{"type":"OTHER"}"#)),
            (400_102, Call("PATCH", work.path, text: #"{"nonsense":1}"#)),
            (400_103, Call("GET", "/api/v1/works?limit=x")),
            (400_103, Call("GET", "/api/v1/works?nonsense=1")),
            (400_104, Call("GET", "/api/v1/works/a.b")),
            (400_105, Call("POST", "/api/v1/works", headers: ["Idempotency-Key": "ü"], text: "{}")),
            (400_106, Call("GET", "/api/v1/works?cursor=x")),
            (404_100, Call("GET", "/nope")),
            (404_101, Call("GET", "/api/v1/works/\(unique())")),
            (404_102, Call("GET", gone.path)),
            (404_103, Call("GET", work.path + "/tasks/two")),
            (405_100, Call("DELETE", "/api/v1/works")),
            (409_100, Call("POST", work.path + "/tasks", text: #"{"status":1,"task_id":"one"}"#)),
            (409_101, Call("PATCH", task.path, text: #"{"ended_at":null}"#)),
            (412_100, Call("PATCH", work.path, headers: ["If-Match": "\"9\""], text: "{}")),
            (415_100, Call("POST", "/api/v1/works", headers: ["Content-Type": "multipart/mixed"], text: "{}")),
            (415_100, Call("POST", "/api/v1/works", headers: ["Content-Encoding": "gzip"], text: "{}")),
            (422_100, Call("POST", "/api/v1/works", headers: ["Idempotency-Key": key], text: "\(draft())")),
        ]
        for (code, request) in provocations {
            let english = expectRefusal(code, try client.send(request))
            #expect(!isChinese(english), "\(code)")
            var translated = request
            translated.headers.append(Answer.Header(name: "Accept-Language", value: "zh-CN"))
            #expect(isChinese(expectRefusal(code, try client.send(translated))), "\(code)")
        }
    }
}
