import Foundation
import Glibc
import TestSupport

/// A checkout with a copy of the scripts in `deploy/`, and fake programs in place of those that they call.
///
/// Debian's packages count as installed, none can be installed, and the checks in `deploy/checks/` do nothing.
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
        let lines = """
            mkdir -p "$1/Sources" "$1/Tests" "$2"
            touch "$1/Package.swift"
            cp -r "$3" "$1/deploy"
            printf '#!/bin/sh\\nexit 1\\n' >"$1/deploy/apt-install"
            find "$1/deploy/checks" -type f -executable | while read -r check; do printf '#!/bin/sh\\n' >"$check"; done
            """
        try shell(lines, path, programs, try Tools.repositoryFile("deploy"))
        try fake("dpkg-query", "echo installed")
    }

    /// Puts a program on `PATH` that runs these lines of shell.
    func fake(_ name: String, _ lines: String) throws {
        try shell(#"printf '#!/bin/sh\n%s\n' "$2" >"$1"; chmod 755 "$1""#, "\(programs)/\(name)", lines)
    }

    /// Runs lines of shell, which write the files that are executed later.
    ///
    /// If this process wrote them, another test could start a process at that moment, which would inherit the
    /// descriptor; and a file that is open for writing cannot be executed.
    private func shell(_ lines: String, _ arguments: String...) throws {
        let arguments = ["-ec", "shopt -s nullglob\n\(lines)", "bash"] + arguments
        let child = try Child("bash", try Tools.system("bash"), arguments, log: directory.file("shell.log"))
        guard try child.wait() == .exited(0) else { throw Missing("\(lines)\n\(child.output())") }
    }

    /// Runs a script of `deploy/` until it ends; `settings` are environment variables.
    func run(
        _ script: String,
        _ arguments: [String] = [],
        settings: [String: String] = [:]
    ) throws -> (ending: Child.Ending, output: String) {
        let child = try start("exec deploy/\(script) \"$@\"", arguments, settings: settings)
        return (try child.wait(), child.output())
    }

    /// Starts bash at the top of the checkout with these lines; `arguments` are `$1` and so on.
    func start(_ lines: String, _ arguments: [String] = [], settings: [String: String] = [:]) throws -> Child {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try Child(
            lines,
            try Tools.system("bash"),
            ["-c", "cd '\(self.path)'\n\(lines)", "bash"] + arguments,
            environment: ["PATH": "\(programs):\(path)"].merging(settings) { $1 },
            log: directory.file("\(unique()).log")
        )
    }
}
