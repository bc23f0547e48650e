import HTTP
import TestSupport
import Testing
import Wording

@testable import API

/// The OpenAPI document, compared with the routes and codes of the service.
@Suite struct DocumentTests {
    private let document: Document

    init() throws {
        document = try Document.own.get()
    }

    @Test func describesEveryRouteAndNoOther() async {
        let routes = await Service.routes.routes.map { "\($0.method.rawValue) \($0.handler.template.asOpenAPI)" }
        let described = document.operations.map(\.description)
        #expect(described.sorted() == routes.sorted())
    }

    @Test func namesEveryOperationOnce() {
        let names = document.operations.map { $0.value["operationId"].string ?? "" }
        #expect(Set(names).count == names.count)
        #expect(!names.contains(""))
    }

    @Test func declaresThePlaceholdersOfEveryPath() {
        for operation in document.operations {
            let placeholders = operation.template.split(separator: "/").filter { $0.hasPrefix("{") }
            #expect(operation.names(in: "path").map { "{\($0)}" } == placeholders.map(String.init), "\(operation)")
            for parameter in operation.parameters where parameter["in"].string == "path" {
                #expect(parameter["required"] == true, "\(operation)")
            }
        }
    }

    @Test func everyReferenceResolvesAndEveryComponentIsUsed() {
        let components = document.root["components"]
        let defined = components.keys.flatMap { kind in
            components[kind].keys.map { "#/components/\(kind)/\($0)" }
        }
        #expect(document.references == Set(defined))
    }

    @Test func listsEveryCodeWithItsNameAndMeaning() {
        let code = document.schema("Code")
        let codes = FailureCode.allCases
        #expect(code["x-codes"].items == codes.map { .integer($0.rawValue) })
        #expect(code["x-code-names"].items == codes.map { .string("\($0)") })
        #expect(code["x-code-descriptions"].items == codes.map { .string($0.message(in: .english)) })
    }

    @Test func everyCodeBelongsToAnOperation() {
        let given = Set(document.operations.flatMap(\.codes))
        #expect(given == Set(FailureCode.allCases.map(\.rawValue)))
    }

    @Test func theStatusesOfAnOperationAreThoseOfItsCodes() {
        for operation in document.operations {
            var statuses = Set(operation.codes.map { String($0 / 1000) }).union(["200"])
            if operation.names(in: "header").contains("If-None-Match") { statuses.insert("304") }
            #expect(Set(operation.value["responses"].keys) == statuses, "\(operation)")
            #expect(operation.codes == Set(operation.codes).sorted(), "\(operation)")
        }
    }

    @Test func theAnswerOfEachStatusNamesItsCodes() {
        for operation in document.operations {
            for code in operation.codes {
                let response = document.followed(operation.value["responses"][String(code / 1000)])
                let description = response["description"].string ?? ""
                #expect(description.contains(String(code)), "\(operation): \(description)")
            }
        }
    }

    @Test func isServedUnchanged() async throws {
        try await withService { api in
            let answer = try await api.call(.get, "/openapi.json")
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer.json == document.root)
            #expect(answer.json["openapi"].string?.hasPrefix("3.1.") == true)
        }
    }
}
