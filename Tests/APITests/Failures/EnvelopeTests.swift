import HTTP
import TestSupport
import Testing

@testable import API

/// The shape that all answers share.
@Suite struct EnvelopeTests {
    @Test func successIsCodeZeroAndData() async throws {
        try await withService { api in
            let answer = try await api.call(.post, "/api/v1/works", someWork)
            #expect(answer.status == 200)
            #expect(answer.json.keys == ["code", "data"])
            #expect(answer.text.hasPrefix(#"{"code":0,"data":{"work_id":"#))
            #expect(answer["Content-Type"] == "application/json")
        }
    }

    @Test func successWithoutDataIsCodeZeroAlone() async throws {
        try await withService { api in
            let work = try await api.create()
            #expect(try await api.call(.delete, path(of: work)).text == #"{"code":0}"#)
            #expect(try await api.call(.get, "/livez").text == #"{"code":0}"#)
        }
    }

    @Test func failureIsCodeAndMessage() async throws {
        try await withService { api in
            let answer = try await api.call(.get, "/api/v1/works/unknown")
            #expect(answer.status == 404)
            #expect(answer.json.keys == ["code", "msg"])
            #expect(answer.code == 404_101)
            #expect(answer.json["msg"].string?.contains("unknown") == true)
            #expect(answer["Content-Type"] == "application/json")
        }
    }

    @Test func everyAnswerNamesItsRequestAndItsWorker() async throws {
        try await withService { api in
            for target in ["/livez", "/nope", "/api/v1/works", "/api/v1/works/b!d", "/metrics", "/openapi.json"] {
                let answer = try await api.call(.get, target) { $0.id = "my-id.1" }
                #expect(answer.all("X-Request-Id") == ["my-id.1"], "\(target)")
                #expect(answer.all("X-Worker") == ["w1"], "\(target)")
            }
        }
    }

    @Test func messagesAreInTheRequestedLanguage() async throws {
        try await withService { api in
            func message(_ language: String?) async throws -> String {
                let answer = try await api.call(.get, "/nope") { $0.fields.acceptLanguage = language }
                return answer.json["msg"].string ?? ""
            }
            let english = try await message(nil)
            #expect(!english.isEmpty && !english.contains { !$0.isASCII })
            #expect(try await message("en,zh;q=0.5") == english)
            let chinese = try await message("zh-CN,zh;q=0.9,en;q=0.8")
            #expect(chinese.contains { !$0.isASCII })
        }
    }

    @Test func textComesBackUnchanged() async throws {
        try await withService { api in
            let answer = try await api.call(.post, "/api/v1/works", someWork.with(["name": "测试作业 \u{1F600} \" \\ \n"]))
            #expect(answer.text.contains(#""name":"测试作业 😀 \" \\ \n""#), "\(answer)")
        }
    }

    @Test func blankFieldsGoOutAsNull() async throws {
        try await withService { api in
            let work = try await api.create([
                "description": "", "java_version": "", "extra_params": [], "lambda_id": nil,
            ])
            for name in ["description", "java_version", "extra_params", "lambda_id", "work_directory", "deleted_at"] {
                #expect(work.keys.contains(name))
                #expect(work[name] == .null, "\(name)")
            }
        }
    }

    @Test func aTimeoutIsAnsweredInTheSameShape() async throws {
        try await withService { api in
            var fields = Request.Fields()
            fields.acceptLanguage = "zh"
            let request = Request(method: .post, target: "/api/v1/works", fields: fields, id: "mine")
            let answers = [
                Answer(await api.service.timeoutAnswer(to: nil)), Answer(await api.service.timeoutAnswer(to: request)),
            ]
            for answer in answers {
                expectRefusal(408_100, answer)
                #expect(answer.json.keys == ["code", "msg"])
                #expect(answer["X-Worker"] == "w1")
                #expect(answer["Content-Type"] == "application/json")
            }
            #expect(answers[0]["X-Request-Id"]?.isEmpty == false && answers[0]["X-Request-Id"] != "mine")
            #expect(answers[1]["X-Request-Id"] == "mine")
            #expect(answers[0].json["msg"] != answers[1].json["msg"], "the second is in Chinese")
        }
    }
}
