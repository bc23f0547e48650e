import Foundation
import TestSupport

/// Checks a value against a JSON Schema, as far as the service's document uses the language.
///
/// An unknown keyword is a violation of its own, so that nothing in the document goes unchecked.
struct SchemaCheck {
    let document: Document

    /// How the value violates the schema; empty if it does not.
    func violations(_ value: Value, _ schema: Value, at path: String = "$") -> [String] {
        let schema = document.followed(schema)
        return schema.keys.flatMap { keyword in
            check(value, keyword, schema[keyword], schema, path)
        }
    }

    private func check(_ value: Value, _ keyword: String, _ rule: Value, _ schema: Value, _ path: String) -> [String] {
        func refuse(unless holds: Bool) -> [String] {
            holds ? [] : ["\(path) is \(value), against \(keyword) \(rule)"]
        }
        switch keyword {
        case "type":
            let types = rule.string.map { [$0] } ?? rule.items.compactMap(\.string)
            return refuse(unless: types.contains { value.isOfType($0) })
        case "const": return refuse(unless: value == rule)
        case "enum": return refuse(unless: rule.items.contains(value))
        case "anyOf": return refuse(unless: rule.items.contains { violations(value, $0).isEmpty })
        case "minLength": return refuse(unless: (value.string?.unicodeScalars.count).isAtLeast(rule.integer))
        case "maxLength": return refuse(unless: (value.string?.unicodeScalars.count).isAtMost(rule.integer))
        case "pattern": return refuse(unless: value.string.map { matches($0, rule.string ?? "") } ?? true)
        case "minimum": return refuse(unless: value.integer.isAtLeast(rule.integer))
        case "maximum": return refuse(unless: value.integer.isAtMost(rule.integer))
        case "minItems": return refuse(unless: value.elements.map(\.count).isAtLeast(rule.integer))
        case "maxItems": return refuse(unless: value.elements.map(\.count).isAtMost(rule.integer))
        case "items":
            return (value.elements ?? []).enumerated().flatMap { violations($1, rule, at: "\(path)[\($0)]") }
        case "required":
            return refuse(unless: rule.items.allSatisfy { value.keys.contains($0.string ?? "") })
        case "properties":
            return value.keys.filter(rule.keys.contains).flatMap {
                violations(value[$0], rule[$0], at: "\(path).\($0)")
            }
        case "additionalProperties":
            return refuse(unless: rule == true || value.keys.allSatisfy(schema["properties"].keys.contains))
        case "title", "description", "default", "examples", "format", "readOnly", "x-enum-varnames", "x-codes",
            "x-code-names", "x-code-descriptions":
            return []
        default: return ["\(path): the keyword \(keyword) is not known to this check"]
        }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }
}

extension Value {
    /// Nil for anything but an array.
    fileprivate var elements: [Value]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    fileprivate func isOfType(_ name: String) -> Bool {
        switch self {
        case .null: name == "null"
        case .bool: name == "boolean"
        case .integer: name == "integer" || name == "number"
        case .real: name == "number"
        case .string: name == "string"
        case .array: name == "array"
        case .object: name == "object"
        }
    }
}

extension Int? {
    /// A bound applies to values of its own kind only.
    fileprivate func isAtLeast(_ bound: Int?) -> Bool {
        guard let self, let bound else { return true }
        return self >= bound
    }

    fileprivate func isAtMost(_ bound: Int?) -> Bool {
        guard let self, let bound else { return true }
        return self <= bound
    }
}
