import TestSupport
import Testing

@testable import API

/// What generators of clients need: names for everything, one plain type for each value, lists as they write them.
@Suite struct DocumentForGeneratorsTests {
    private let document: Document

    init() throws {
        document = try Document.own.get()
    }

    @Test func everyOperationHasOneTagWithADescription() {
        let tags = document.root["tags"].items.filter { $0["description"].string?.isEmpty == false }
        for operation in document.operations {
            let own = operation.value["tags"].items
            #expect(own.count == 1 && own.allSatisfy { tags.map { $0["name"] }.contains($0) }, "\(operation)")
        }
    }

    @Test func everyBodyIsAComponent() {
        for operation in document.operations {
            let responses = operation.value["responses"]
            let contents =
                [operation.value["requestBody"]["content"]]
                + responses.keys.map { document.followed(responses[$0])["content"] }
            for content in contents {
                for type in content.keys where type == "application/json" {
                    #expect(content[type]["schema"]["$ref"].string != nil, "\(operation)")
                }
            }
        }
    }

    @Test func everyObjectIsNamedAfterItsComponent() {
        for name in document.root["components"]["schemas"].keys {
            let schema = document.schema(name)
            if schema["type"] == "object" { #expect(schema["title"] == .string(name)) }
        }
    }

    @Test func objectsAndEnumerationsAreComponents() {
        let schemas = document.root["components"]["schemas"]
        let inner = schemas.keys.flatMap { Self.parts(of: schemas[$0]) }
        let parameters = document.operations.flatMap(\.parameters).map { $0["schema"] }
        for schema in inner + parameters + parameters.flatMap({ Self.parts(of: $0) }) {
            #expect(schema["type"] != "object" && schema["enum"] == .null, "\(schema)")
        }
        #expect(inner.count > 50)
    }

    /// A generator makes one plain type of each: a type, a type or null, or a component or null.
    @Test func noValueIsAUnion() {
        let schemas = document.root["components"]["schemas"]
        for name in schemas.keys {
            for schema in [schemas[name]] + Self.parts(of: schemas[name]) {
                #expect(schema["oneOf"] == .null && schema["allOf"] == .null, "\(name)")
                let types = schema["type"].items
                #expect(types.isEmpty || types.count == 2 && types[1] == "null", "\(name): \(schema)")
                let choices = schema["anyOf"].items
                #expect(choices.isEmpty || choices.count == 2 && choices[1] == ["type": "null"], "\(name): \(schema)")
            }
        }
    }

    @Test func aListIsARepeatedParameter() {
        let parameters = document.operations.flatMap(\.parameters)
        let lists = parameters.filter { $0["schema"]["type"] == "array" }
        #expect(Set(lists.compactMap { $0["name"].string }) == ["status", "run_frequency"])
        for list in lists { #expect(list["style"] == "form" && list["explode"] == true, "\(list)") }
    }

    /// The schemas inside a schema.
    private static func parts(of schema: Value) -> [Value] {
        let properties = schema["properties"].keys.map { schema["properties"][$0] }
        let items = schema["items"] == .null ? [] : [schema["items"]]
        let direct = properties + items + schema["anyOf"].items
        return direct + direct.flatMap { parts(of: $0) }
    }
}
