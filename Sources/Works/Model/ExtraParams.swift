import Bytes
import JSON

/// The additional arguments of a work, kept as the JSON array that goes out, so that answering costs one copy.
package struct ExtraParams: Equatable, Sendable {
    package let json: String

    /// Nil for no parameters; one empty parameter is one.
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

    /// Takes what `json` was when it was stored.
    package init(json: String) {
        self.json = json
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.json.isExactly(right.json)
    }

    package static let countMax = 256
    /// The length of each, in Unicode scalars.
    package static let lengthMax = 4096
}
