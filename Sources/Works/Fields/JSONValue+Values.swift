import Bytes
public import JSON

/// How JSON values correspond to the values of the domain.
extension JSONValue {
    /// Whether it is null, "" or [], which mean the same wherever null is accepted.
    public var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .bool, .integer, .real, .object: false
        }
    }

    /// The number if it is whole: JSON does not distinguish 3 from 3.0.
    public var wholeNumber: Int? {
        switch self {
        case .integer(let number): number
        case .real(let number): Int(exactly: number)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// Whether it is this text, byte by byte.
    public func isExactly(_ text: String) -> Bool {
        if case .string(let own) = self { own.isExactly(text) } else { false }
    }

    /// Whether it is this time, in any zone and to any precision; blank equals nil.
    func isTime(_ time: Timestamp?) -> Bool {
        isBlank ? time == nil : time != nil && Timestamp(json: self) == time
    }
}

extension Status {
    /// Reads a number or decimal text.
    init?(json: JSONValue) {
        if case .string(let text) = json {
            self.init(text: text)
        } else if let number = json.wholeNumber {
            self.init(number)
        } else {
            return nil
        }
    }
}

extension Timestamp {
    /// Reads ISO 8601 text.
    init?(json: JSONValue) {
        guard case .string(let text) = json else { return nil }
        self.init(iso8601: text)
    }
}

extension RawRepresentable<String> where Self: CaseIterable {
    /// The case whose raw value is this text, byte by byte.
    ///
    /// `init(rawValue:)` would accept canonically equivalent texts as well.
    init?(exactly text: String) {
        guard let match = Self.allCases.first(where: { $0.rawValue.isExactly(text) }) else { return nil }
        self = match
    }
}
