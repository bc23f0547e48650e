import HTTP
import Loop
import TestSupport

@testable import API

/// The service's OpenAPI document, with its references followed.
struct Document: Sendable {
    let root: Value
    let operations: [Operation]

    /// The document that the service serves.
    static let own = Result {
        Document(root: try Value(parsing: String(decoding: PackageResources.openapi_json, as: UTF8.self)))
    }

    init(root: Value) {
        self.root = root
        operations = root["paths"].keys.flatMap { template in
            let item = root["paths"][template]
            return item.keys.filter { $0 != "parameters" }.map { method in
                Operation(
                    method: method.uppercased(),
                    template: template,
                    value: item[method],
                    parameters: (item["parameters"].items + item[method]["parameters"].items).map {
                        Self.followed($0, in: root)
                    }
                )
            }
        }
    }

    /// One method of one path.
    struct Operation: Sendable, CustomStringConvertible {
        let method: String
        let template: String
        let value: Value
        /// Its own parameters and those of its path, followed to their definitions.
        let parameters: [Value]

        var description: String { "\(method) \(template)" }
        var codes: [Int] { value["x-codes"].items.compactMap(\.integer) }

        func names(in location: String) -> [String] {
            parameters.filter { $0["in"].string == location }.compactMap { $0["name"].string }
        }

        /// A path of this template.
        func path(work: String = "w", task: String = "t") -> String {
            template.replacing("{work_id}", with: work).replacing("{task_id}", with: task)
        }
    }

    func schema(_ name: String) -> Value {
        root["components"]["schemas"][name]
    }

    /// The target of a `$ref`, with the members beside the `$ref`; any other value is returned as it is.
    func followed(_ value: Value) -> Value {
        Self.followed(value, in: root)
    }

    private static func followed(_ value: Value, in root: Value) -> Value {
        guard let reference = value["$ref"].string, reference.hasPrefix("#/") else { return value }
        let target = reference.dropFirst(2).split(separator: "/").reduce(root) { $0[String($1)] }
        return followed(target, in: root).with(value.without("$ref"))
    }

    /// Every reference in the document.
    var references: Set<String> {
        Self.references(in: root)
    }

    private static func references(in value: Value) -> Set<String> {
        switch value {
        case .object(let members):
            let own = value["$ref"].string.map { [$0] } ?? []
            return members.reduce(into: Set(own)) { $0.formUnion(references(in: $1.value)) }
        case .array(let items):
            return items.reduce(into: []) { $0.formUnion(references(in: $1)) }
        case .null, .bool, .integer, .real, .string: return []
        }
    }
}

extension Document {
    /// How an answer differs from the answers that the document has for this request.
    @LoopActor func violations(of answer: Answer, to request: Request) -> [String] {
        guard let operation = operation(for: request) else {
            // A request that is not in the document is refused, unless its method is OPTIONS.
            return refusalViolations(of: answer, allowing: request.method == .options ? 200 : nil)
        }
        if request.method == .options { return refusalViolations(of: answer, allowing: 200) }
        let response = followed(operation.value["responses"][String(answer.status)])
        guard response != .null else { return ["\(operation) does not answer \(answer.status)"] }
        var violations = headerViolations(of: answer, response["headers"])
        if answer.status >= 400, let code = answer.code, !operation.codes.contains(code) {
            violations.append("\(operation) does not give \(code)")
        }
        return violations + bodyViolations(of: answer, response["content"])
    }

    @LoopActor private func operation(for request: Request) -> Operation? {
        let method = request.method == .head ? "GET" : request.method.rawValue
        guard case .route(let route, _) = Service.routes.match(request.method, path: request.path) else { return nil }
        return operations.first { $0.method == method && $0.template == route.handler.template.asOpenAPI }
    }

    private func refusalViolations(of answer: Answer, allowing status: Int?) -> [String] {
        if answer.status == status { return SchemaCheck(document: self).violations(answer.json, schema("Done")) }
        return SchemaCheck(document: self).violations(answer.json, schema("Failure"))
    }

    private func headerViolations(of answer: Answer, _ headers: Value) -> [String] {
        let known = Set(headers.keys + ["Content-Type"])
        var violations = answer.headers.filter { !known.contains($0.name) }.map { "header \($0.name)" }
        for name in headers.keys {
            let header = followed(headers[name])
            let values = answer.all(name)
            if values.count > 1 { violations.append("\(name) \(values.count) times") }
            if let text = values.first {
                let isNumber = header["schema"]["type"].string == "integer"
                let value = isNumber ? Int(text).map(Value.integer) ?? .string(text) : .string(text)
                violations += SchemaCheck(document: self).violations(value, header["schema"]).map { "\(name): \($0)" }
            } else if header["required"] == true {
                violations.append("no \(name)")
            }
        }
        return violations
    }

    private func bodyViolations(of answer: Answer, _ content: Value) -> [String] {
        guard let type = content.keys.first else { return answer.body.isEmpty ? [] : ["a body"] }
        guard answer["Content-Type"] == type else { return ["type \(answer["Content-Type"] ?? "none")"] }
        guard type == "application/json" else { return [] }
        return SchemaCheck(document: self).violations(answer.json, content[type]["schema"])
    }
}

extension String {
    /// A template of the router in the notation of OpenAPI: `/works/:work_id` is `/works/{work_id}`.
    var asOpenAPI: String {
        split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
            .joined(separator: "/")
    }
}
