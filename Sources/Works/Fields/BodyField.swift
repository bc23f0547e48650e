import Bytes

/// A field of one kind of object: its name, what it accepts, and when a client may set it.
///
/// The cases stand in the order in which the fields go out; ``WorkField`` and ``RunField`` are the only two.
package protocol BodyField: RawRepresentable<Int>, CaseIterable, Sendable {
    /// The name in JSON, in the store and in messages.
    var name: StaticString { get }
    /// The names of all fields, in their order.
    static var names: [String] { get }
    /// What precedes the value of each field in an object: `{"name":` or `,"name":`.
    static var keys: [[UInt8]] { get }
    var rule: FieldRule { get }
    var access: FieldAccess { get }
    /// Whether every object has a value here, so that a client must send one and cannot clear it.
    var isRequired: Bool { get }
}

/// What a field accepts.
package enum FieldRule: Sendable {
    case identifier
    /// A string whose length in Unicode scalars is in this range; an empty one is blank in any field.
    case text(ClosedRange<Int>)
    /// The same, and not only white space.
    case visibleText(ClosedRange<Int>)
    case oneOf([String])
    case status
    case time
    case extraParams

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

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(of _: Choice.Type) -> FieldRule {
        .oneOf(Choice.allCases.map(\.rawValue))
    }
}

/// When a client may set a field.
package enum FieldAccess: Sendable {
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

    /// The name as text for a message or a comparison.
    package var text: String {
        Self.names[rawValue]
    }

    /// The field with this name, byte by byte; nil if there is none.
    init?(named name: String) {
        guard let index = Self.names.firstIndex(where: { $0.isExactly(name) }) else { return nil }
        self.init(rawValue: index)
    }

    func isSettable(for purpose: BodyPurpose) -> Bool {
        switch (access, purpose) {
        case (.always, _), (.onCreate, .create): true
        case (.onCreate, .change), (.never, _): false
        }
    }
}

/// What a body is sent for.
enum BodyPurpose {
    case create
    case change
}
