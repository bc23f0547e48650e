import Bytes

/// A field of a work or of a run: its name, what it accepts, and when a client may set it.
///
/// Two types conform: ``WorkField`` and ``RunField``. Their cases are declared in the order in which fields are sent.
public protocol BodyField: RawRepresentable<Int>, CaseIterable, Sendable {
    /// The name in JSON, in the store and in messages.
    var name: StaticString { get }
    /// The names of all fields, by raw value.
    static var names: [String] { get }
    /// What precedes the value of each field in an object: `{"name":` or `,"name":`.
    static var keys: [[UInt8]] { get }
    var rule: FieldRule { get }
    var access: FieldAccess { get }
    /// Whether a create request must send a value.
    var isRequired: Bool { get }
}

/// What a field accepts.
public enum FieldRule: Sendable {
    case identifier
    /// A string whose length in Unicode scalars is in this range; whatever the range, an empty one is blank.
    case text(ClosedRange<Int>)
    /// The same, but white space alone is refused.
    case visibleText(ClosedRange<Int>)
    case oneOf([String])
    case status
    case time
    case extraParams

    /// The rule as a refusal words it.
    var expected: Expected {
        switch self {
        case .identifier: .identifier
        case .text(let length), .visibleText(let length): .text(length)
        case .oneOf(let values): .oneOf(values)
        case .status: .status
        case .time: .time
        case .extraParams: .extraParams
        }
    }

    /// One of the raw values of `Choice`.
    static func choice<Choice: RawRepresentable<String> & CaseIterable>(of _: Choice.Type) -> FieldRule {
        .oneOf(Choice.allCases.map(\.rawValue))
    }
}

/// When a client may set a field.
public enum FieldAccess: Sendable {
    case always
    case onCreate
    /// Never: the service sets it.
    case never
}

extension BodyField {
    static func makeNames() -> [String] {
        allCases.map { $0.name.description }
    }

    static func makeKeys() -> [[UInt8]] {
        allCases.map { field in Array("\(field.rawValue == 0 ? "{" : ",")\"\(field.name)\":".utf8) }
    }

    /// The name as a string, for messages and comparisons.
    public var text: String {
        Self.names[rawValue]
    }

    /// The field with exactly this name, byte by byte; nil if there is none.
    init?(named name: String) {
        guard let index = Self.names.firstIndex(where: { $0.isExactly(name) }) else { return nil }
        self.init(rawValue: index)
    }

    /// Whether a body sent for this purpose may set the field.
    func isSettable(for purpose: BodyPurpose) -> Bool {
        switch (access, purpose) {
        case (.always, _), (.onCreate, .create): true
        case (.onCreate, .change), (.never, _): false
        }
    }
}

/// What a request's body is for.
enum BodyPurpose {
    case create
    case change
}
