import Foundation
import Glibc

/// Where the programs are that the tests start; one that is missing fails the test.
package enum Tools {
    /// A program of this package: in `WORKS_BIN_DIR`, else beside the test bundle, where the build puts it.
    package static func built(_ name: String) throws -> String {
        let directory =
            ProcessInfo.processInfo.environment["WORKS_BIN_DIR"]
            ?? URL(fileURLWithPath: ownExecutable()).deletingLastPathComponent().path
        let path = "\(directory)/\(name)"
        guard access(path, X_OK) == 0 else { throw Missing("\(path) is not there: build it, or set WORKS_BIN_DIR") }
        return path
    }

    /// A program of the system, also where only root's `PATH` leads.
    package static func system(_ name: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/sbin"]
        for directory in directories where access("\(directory)/\(name)", X_OK) == 0 { return "\(directory)/\(name)" }
        throw Missing("\(name) is not installed")
    }

    /// A file of the repository, by its path from the top.
    package static func repositoryFile(_ path: String) throws -> String {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(path).path
        guard access(file, R_OK) == 0 else { throw Missing("\(file) is not there") }
        return file
    }

    private static func ownExecutable() -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
