import TestSupport
import Testing

@testable import API

/// The examples of the document: everything that is sent or answered has one, and each matches its schema.
@Suite struct DocumentedExamplesTests {
    private let document: Document
    private let check: SchemaCheck

    init() throws {
        document = try Document.own.get()
        check = SchemaCheck(document: document)
    }

    @Test func everyParameterHasOne() {
        for operation in document.operations {
            for parameter in operation.parameters {
                expectExample(of: parameter, "\(operation) \(parameter["name"])")
            }
        }
    }

    @Test func everyBodyHasOne() {
        for operation in document.operations {
            expectExamples(in: operation.value["requestBody"]["content"], "\(operation)")
            for status in operation.value["responses"].keys {
                let response = document.followed(operation.value["responses"][status])
                expectExamples(in: response["content"], "\(operation) \(status)")
            }
        }
    }

    @Test func everyHeaderHasOne() {
        let headers = document.root["components"]["headers"]
        for name in headers.keys { expectExample(of: headers[name], name) }
        #expect(headers.keys.count > 10)
    }

    @Test func theExamplesOfSchemasMatchThem() {
        for name in document.root["components"]["schemas"].keys {
            for example in document.schema(name)["examples"].items {
                #expect(check.violations(example, document.schema(name)) == [], "\(name)")
            }
        }
    }

    private func expectExamples(in content: Value, _ place: String) {
        for type in content.keys { expectExample(of: content[type], "\(place) \(type)") }
    }

    private func expectExample(of described: Value, _ place: String) {
        #expect(described.keys.contains("example"), "\(place)")
        #expect(check.violations(described["example"], described["schema"]) == [], "\(place)")
    }
}
