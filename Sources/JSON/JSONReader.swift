import CJansson

/// Reads JSON strictly.
///
/// UTF-8 only; no repeated key, no lone surrogate, no NaN, nothing after the value. Beyond the standard, one trailing
/// comma before a `}` or `]` is let pass. jansson does the reading; its values live only inside the call.
package enum JSONReader {
    /// How many arrays and objects may stand within each other, the outermost counted.
    package static let depthMax = 32

    /// The members of the object that `text` is, in order of appearance.
    package static func object(_ text: [UInt8]) throws(JSONError) -> [JSONMember] {
        let text = try Skimmer.skim(text)
        var error = json_error_t()
        let root = text.withUnsafeBytes { text in
            json_loadb(text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, flags, &error)
        }
        guard let root else { throw JSONError(error) }
        defer { json_decref(root) }
        guard root.pointee.type == JSON_OBJECT else { throw .notAnObject }
        return members(of: root)
    }

    /// Any value is read, so that one that is no object can be told from one that is no JSON.
    private static let flags = Int(JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY)

    /// Copies a value out of jansson; recursive, but no deeper than `depthMax`.
    private static func value(_ json: UnsafeMutablePointer<json_t>) -> JSONValue {
        switch json.pointee.type {
        case JSON_OBJECT: .object(members(of: json))
        case JSON_ARRAY: .array(elements(of: json))
        case JSON_STRING: .string(string(json_string_value(json), json_string_length(json)))
        case JSON_INTEGER: .integer(Int(json_integer_value(json)))
        case JSON_REAL: .real(json_real_value(json))
        case JSON_TRUE: .bool(true)
        case JSON_FALSE: .bool(false)
        default: .null
        }
    }

    /// jansson iterates in the order in which the keys came.
    private static func members(of object: UnsafeMutablePointer<json_t>) -> [JSONMember] {
        var members: [JSONMember] = []
        members.reserveCapacity(json_object_size(object))
        var place = json_object_iter(object)
        while let here = place, let json = json_object_iter_value(here) {
            let name = string(json_object_iter_key(here), json_object_iter_key_len(here))
            members.append(JSONMember(name: name, value: value(json)))
            place = json_object_iter_next(object, here)
        }
        return members
    }

    private static func elements(of array: UnsafeMutablePointer<json_t>) -> [JSONValue] {
        (0..<json_array_size(array)).compactMap { json_array_get(array, $0).map(value) }
    }

    /// Copies text that jansson owns and has found to be valid UTF-8.
    private static func string(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

extension JSONError {
    fileprivate init(_ error: json_error_t) {
        let code = withUnsafePointer(to: error, json_error_code)
        switch code {
        case json_error_invalid_utf8: self = .notUTF8
        case json_error_duplicate_key: self = .repeatedKey
        case json_error_null_byte_in_key: self = .nulInKey
        case json_error_numeric_overflow: self = .numberOutOfRange
        default: self = .malformed(line: max(1, Int(error.line)), column: max(1, Int(error.column)))
        }
    }
}
