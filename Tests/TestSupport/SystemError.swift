import Glibc

/// A system call that failed, in words.
public struct SystemError: Error, CustomStringConvertible {
    public let call: String
    public let number: Int32

    /// Takes the number from `errno` unless it is given.
    public init(_ call: String, _ number: Int32? = nil) {
        self.call = call
        self.number = number ?? errno
    }

    public var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// Something that the tests stand on is not there.
public struct Missing: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
