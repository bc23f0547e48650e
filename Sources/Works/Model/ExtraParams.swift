import Bytes
import JSON

/// The additional arguments of a work, kept as the JSON array that goes out, so that an answer only copies it.
package struct ExtraParams: Equatable, Sendable {
    /// An array of one string or more.
    package let json: String

    /// Nil for an empty array; an array of one empty string is a value.
    package init?(_ params: [String]) {
        guard !params.isEmpty else { return nil }
        var json = JSONWriter()
        for (index, param) in params.enumerated() {
            json.literal(index == 0 ? "[" : ",")
            json.string(param)
        }
        json.literal("]")
        self.json = String(decoding: json.bytes, as: UTF8.self)
    }

    /// Restores what was stored: the `json` of another value.
    package init(json: String) {
        self.json = json
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.json.isExactly(right.json)
    }

    /// The greatest number of parameters.
    package static let countMax = 256
    /// The greatest length of each, in Unicode scalars.
    package static let lengthMax = 4096
}
