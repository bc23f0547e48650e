import Foundation
import Glibc

/// A directory for one test, removed with this object, or by the reaper if the tests crash.
///
/// The path is short because a unix socket's path may have at most 107 bytes. `WORKS_TEST_KEEP=1` keeps the directory.
package final class ScratchDirectory: Sendable {
    package let path: String
    private let isKept = ProcessInfo.processInfo.environment["WORKS_TEST_KEEP"] == "1"

    package init() throws {
        var template = Array("/tmp/works-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        if !isKept { Reaper.shared.willRemove(path) }
    }

    deinit {
        if !isKept { try? FileManager.default.removeItem(atPath: path) }
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
        return file(name)
    }
}
