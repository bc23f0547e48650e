import Glibc

/// Fields of hashes, in the order in which their values are wanted.
///
/// See ``Command/reading(_:of:)``.
public final class HashFields: Sendable {
    public let names: [String]

    /// The names again: the bytes of a static string have an address.
    private let texts: [StaticString]

    public init(_ names: [StaticString]) {
        texts = names
        self.names = names.map { $0.description }
    }

    var count: Int {
        texts.count
    }

    /// The index of the field with this name; nil if there is none.
    ///
    /// Index `expected` is tried first.
    func index(of name: UnsafeRawBufferPointer, expected: Int) -> Int? {
        if expected < count, isName(name, at: expected) { return expected }
        return texts.indices.first { isName(name, at: $0) }
    }

    private func isName(_ name: UnsafeRawBufferPointer, at index: Int) -> Bool {
        let text = texts[index]
        guard text.utf8CodeUnitCount == name.count, let start = name.baseAddress else { return false }
        return memcmp(text.utf8Start, start, name.count) == 0
    }
}

extension HashFields: Equatable {
    public static func == (left: HashFields, right: HashFields) -> Bool {
        left.names == right.names
    }
}
