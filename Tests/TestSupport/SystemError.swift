import Glibc

/// A system call that failed, in words.
package struct SystemError: Error, CustomStringConvertible {
    package let call: String
    package let number: Int32

    /// Takes the number from `errno` unless it is given.
    package init(_ call: String, _ number: Int32? = nil) {
        self.call = call
        self.number = number ?? errno
    }

    package var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// Something that the tests stand on is not there.
package struct Missing: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
