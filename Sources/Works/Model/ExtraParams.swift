import Bytes
import JSON

/// The additional arguments of a work, kept as the JSON array that clients get, so that an answer only copies it.
public struct ExtraParams: Equatable, Sendable {
    /// An array of one string or more.
    public let json: String

    /// Nil for an empty array; an array of one empty string is a value.
    public init?(_ params: [String]) {
        guard !params.isEmpty else { return nil }
        var json = JSONWriter()
        for (index, param) in params.enumerated() {
            json.literal(index == 0 ? "[" : ",")
            json.string(param)
        }
        json.literal("]")
        self.json = String(decoding: json.bytes, as: UTF8.self)
    }

    /// Restores a stored value from its `json`.
    public init(json: String) {
        self.json = json
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.json.isExactly(right.json)
    }

    /// The maximum number of parameters.
    public static let countMax = 256
    /// The maximum length of each, in Unicode scalars.
    public static let lengthMax = 4096
}
