import Foundation
import Glibc
import TestSupport

/// A checkout with a copy of the scripts in `deploy/`, and fake programs in place of those that they call.
///
/// Debian's packages count as installed, and the checks in `deploy/checks/` succeed without doing anything.
final class ScratchCheckout: Sendable {
    let directory: ScratchDirectory
    /// The top of the checkout.
    let path: String
    /// The directory of the fake programs, the first on `PATH`.
    private let programs: String

    /// `name` is the last part of the checkout's path.
    init(named name: String = "checkout") throws {
        directory = try ScratchDirectory()
        path = directory.file(name)
        programs = directory.file("programs")
        let files = FileManager.default
        for made in [path + "/Sources", path + "/Tests", programs] {
            try files.createDirectory(atPath: made, withIntermediateDirectories: true)
        }
        try "".write(toFile: path + "/Package.swift", atomically: false, encoding: .utf8)
        try files.copyItem(atPath: try Tools.repositoryFile("deploy"), toPath: path + "/deploy")
        let checks = path + "/deploy/checks"
        for check in (try? files.contentsOfDirectory(atPath: checks)) ?? [] {
            try "#!/bin/sh\n".write(toFile: "\(checks)/\(check)", atomically: false, encoding: .utf8)
        }
        try fake("dpkg-query", "echo installed")
    }

    /// Puts a program on `PATH` that runs these lines of shell.
    func fake(_ name: String, _ lines: String) throws {
        let program = "\(programs)/\(name)"
        try "#!/bin/sh\n\(lines)\n".write(toFile: program, atomically: false, encoding: .utf8)
        guard chmod(program, 0o755) == 0 else { throw SystemError("chmod \(program)") }
    }

    /// Runs a script of `deploy/` until it ends; `settings` are environment variables.
    func run(
        _ script: String,
        _ arguments: [String] = [],
        settings: [String: String] = [:]
    ) throws -> (ending: Child.Ending, output: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let child = try Child(
            script,
            "\(self.path)/deploy/\(script)",
            arguments,
            environment: settings.merging(["PATH": "\(programs):\(path)"]) { $1 },
            log: directory.file("\(script)-\(unique()).log")
        )
        return (try child.wait(), child.output())
    }
}
