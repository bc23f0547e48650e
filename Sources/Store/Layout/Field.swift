import Bytes
import Works

/// One field of a hash; nil means blank, and blank fields are not stored.
struct Field: Equatable {
    let name: String
    let value: String?

    init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// By bytes: a text has changed even if only its Unicode form has.
    static func == (left: Field, right: Field) -> Bool {
        left.name == right.name && left.value.isExactly(right.value)
    }
}

extension FieldValue {
    /// The value as a hash keeps it: times in milliseconds; nil means blank, and blank fields are not stored.
    var stored: String? {
        switch self {
        case .text(let text): text?.isEmpty == false ? text : nil
        case .number(let number): String(number)
        case .time(let time): time.map { String($0.milliseconds) }
        case .extraParams(let extraParams): extraParams?.json
        }
    }
}
