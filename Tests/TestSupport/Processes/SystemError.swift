import Glibc

/// A system call that failed.
package struct SystemError: Error, CustomStringConvertible {
    package let call: String
    package let number: Int32

    /// `number` is `errno` unless it is given.
    package init(_ call: String, _ number: Int32? = nil) {
        self.call = call
        self.number = number ?? errno
    }

    package var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// Something that the tests need is missing.
package struct Missing: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
