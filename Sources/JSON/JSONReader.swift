import CJansson

/// Reads JSON strictly, with jansson.
///
/// It accepts only UTF-8, no repeated key, no lone surrogate, no NaN, and nothing after the value. Beyond the standard,
/// it tolerates one trailing comma before a `}` or `]`. jansson's values live only inside the call.
public enum JSONReader {
    /// How deep arrays and objects may be nested, counting the outermost one.
    public static let depthMax = 32

    /// Reads a text that is an object.
    ///
    /// - Parameters:
    ///   - text: the JSON text.
    ///   - valuesMax: about how many values it may have; see ``JSONError/tooManyValues(max:)``.
    /// - Returns: the members in order of appearance.
    /// - Throws: what is wrong with the text.
    public static func object(_ text: [UInt8], valuesMax: Int = .max) throws(JSONError) -> [JSONMember] {
        let text = try Skimmer.skim(text, valuesMax: valuesMax)
        var error = json_error_t()
        let root = text.withUnsafeBytes { text in
            json_loadb(text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, flags, &error)
        }
        guard let root else { throw JSONError(error) }
        defer { json_decref(root) }
        guard root.pointee.type == JSON_OBJECT else { throw .notAnObject }
        return members(of: root)
    }

    /// Any value is decoded, to distinguish JSON that is not an object from a text that is not JSON.
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

    /// jansson iterates in the order in which the keys appeared.
    private static func members(of object: UnsafeMutablePointer<json_t>) -> [JSONMember] {
        var members: [JSONMember] = []
        members.reserveCapacity(json_object_size(object))
        var iterator = json_object_iter(object)
        while let member = iterator, let json = json_object_iter_value(member) {
            let name = string(json_object_iter_key(member), json_object_iter_key_len(member))
            members.append(JSONMember(name: name, value: value(json)))
            iterator = json_object_iter_next(object, member)
        }
        return members
    }

    private static func elements(of array: UnsafeMutablePointer<json_t>) -> [JSONValue] {
        (0..<json_array_size(array)).compactMap { json_array_get(array, $0).map(value) }
    }

    /// Copies a text that jansson owns and has validated as UTF-8.
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
