import Glibc

/// Fields of hashes, in the order in which their values are wanted.
///
/// See ``Command/reading(_:of:)``.
package final class HashFields: Sendable {
    package let names: [String]

    /// Static ones, whose bytes have an address.
    private let texts: [StaticString]

    package init(_ names: [StaticString]) {
        texts = names
        self.names = names.map { $0.description }
    }

    var count: Int {
        texts.count
    }

    /// Which field has this name, nil if none has; the one at `expected` is looked at first.
    func place(of name: UnsafeRawBufferPointer, expected: Int) -> Int? {
        if expected < count, isName(name, of: expected) { return expected }
        return texts.indices.first { isName(name, of: $0) }
    }

    private func isName(_ name: UnsafeRawBufferPointer, of place: Int) -> Bool {
        let text = texts[place]
        guard text.utf8CodeUnitCount == name.count, let start = name.baseAddress else { return false }
        return memcmp(text.utf8Start, start, name.count) == 0
    }
}

extension HashFields: Equatable {
    package static func == (left: HashFields, right: HashFields) -> Bool {
        left.names == right.names
    }
}
