import Foundation
import Glibc

/// Finds the programs and files that the tests use; a missing one fails the test.
package enum Tools {
    /// A program of this package: in `WORKS_BIN_DIR`, else beside the test bundle, where the build puts it.
    package static func built(_ name: String) throws -> String {
        let directory =
            ProcessInfo.processInfo.environment["WORKS_BIN_DIR"]
            ?? URL(fileURLWithPath: ownExecutable()).deletingLastPathComponent().path
        let path = "\(directory)/\(name)"
        guard access(path, X_OK) == 0 else { throw Missing("\(path) does not exist: build it, or set WORKS_BIN_DIR") }
        return path
    }

    /// A program of the system, also in the directories that only root's `PATH` names.
    package static func system(_ name: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/sbin"]
        for directory in directories where access("\(directory)/\(name)", X_OK) == 0 { return "\(directory)/\(name)" }
        throw Missing("\(name) is not installed")
    }

    /// A file of the repository, by its path from the top.
    package static func repositoryFile(_ path: String) throws -> String {
        let top = (0..<levelsBelowTop).reduce(URL(fileURLWithPath: #filePath)) { file, _ in
            file.deletingLastPathComponent()
        }
        let file = top.appendingPathComponent(path).path
        guard access(file, R_OK) == 0 else { throw Missing("\(file) does not exist") }
        return file
    }

    /// This file is Tests/TestSupport/Processes/Tools.swift.
    private static let levelsBelowTop = 4

    private static func ownExecutable() -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
