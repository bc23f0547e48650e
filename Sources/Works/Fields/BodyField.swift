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
    /// What the field accepts.
    var expected: Expected { get }
    /// Whether a text of white space alone is refused.
    var mustBeVisible: Bool { get }
    var access: FieldAccess { get }
    /// Whether a create request must send a value.
    var isRequired: Bool { get }
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
