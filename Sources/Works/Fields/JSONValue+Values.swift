import Bytes
import JSON

/// What the kinds of value have to do with the values of the domain, in reading as in comparing.
extension JSONValue {
    /// Null, and what means the same wherever null is accepted.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .bool, .integer, .real, .object: false
        }
    }

    /// The number, if it is whole: 3, and 3.0 as well, which JSON takes for the same.
    package var wholeNumber: Int? {
        switch self {
        case .integer(let number): number
        case .real(let number): Int(exactly: number)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    package func isExactly(_ text: String) -> Bool {
        if case .string(let own) = self { own.isExactly(text) } else { false }
    }

    /// Whether it is this time in any zone and to any precision, or blank when there is none.
    func isTime(_ time: Timestamp?) -> Bool {
        isBlank ? time == nil : time != nil && Timestamp(json: self) == time
    }
}

extension Status {
    /// A number or decimal text.
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
    init?(json: JSONValue) {
        guard case .string(let text) = json else { return nil }
        self.init(iso8601: text)
    }
}

extension RawRepresentable<String> where Self: CaseIterable {
    /// The case that is written so, byte by byte.
    ///
    /// `init(rawValue:)` takes canonically equivalent texts as well.
    init?(exactly text: String) {
        guard let match = Self.allCases.first(where: { $0.rawValue.isExactly(text) }) else { return nil }
        self = match
    }
}
