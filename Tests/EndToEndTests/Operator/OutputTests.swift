import Foundation
import TestSupport
import Testing

/// Where the results of the programs go: a full disk, a pipe that nobody reads, a file instead of a terminal.
@Suite(.startingProcesses) struct OutputTests {
    /// EX_IOERR of sysexits.h.
    private static let failed = Child.Ending.exited(74)
    /// What a shell shows for a program that SIGPIPE ended.
    private static let readerGone = Child.Ending.exited(141)

    /// Runs a line of bash in which `$PROGRAM` is the program.
    private func run(_ program: String, _ line: String) throws -> (ending: Child.Ending, output: String) {
        let directory = try ScratchDirectory()
        let words = ["-c", "set -o pipefail; " + line]
        let settings = ["PROGRAM": try Tools.built(program)]
        let shell = try Tools.system("bash")
        let child = try Child("bash", shell, words, environment: settings, log: directory.file("log"))
        return (try child.wait(), child.output())
    }

    @Test(arguments: [
        ("works-worker", "--help"), ("works-worker", "--version"), ("worksctl", "--help"), ("worksctl", "--version"),
        ("worksctl", "help verify"), ("worksctl", "generate --count 10"),
    ])
    func aResultOnAFullDiskFails(_ program: String, _ arguments: String) throws {
        let (ending, output) = try run(program, #""$PROGRAM" \#(arguments) > /dev/full"#)
        #expect(ending == Self.failed)
        #expect(output == "\(program): cannot write to standard output: No space left on device\n")
    }

    @Test(arguments: ["verify", "rebuild", "export", "install", "purge --older-than 0s", "import < works", "status"])
    func noCommandLosesItsResultOnAFullDisk(_ arguments: String) async throws {
        try await Stack.with(.oneWorker) { stack in
            _ = try stack.worker(0).create()
            _ = try stack.directory.write("works", "")
            let output = try stack.tool(arguments + " > /dev/full", ending: Self.failed)
            #expect(output == "worksctl: cannot write to standard output: No space left on device\n")
        }
    }

    @Test(arguments: [
        ("worksctl", "generate --count 100000", "head -n 0"), ("worksctl", "generate --count 100000", "head -n 1"),
    ])
    func aReaderThatLeavesEndsItQuietly(_ program: String, _ arguments: String, _ reader: String) throws {
        let line = #""$PROGRAM" \#(arguments) | \#(reader) > /dev/null"#
        let (ending, output) = try run(program, line)
        #expect(ending == Self.readerGone && output.isEmpty, "\(ending): \(output)")
        // So does one whose signal is ignored, as it is for the units of systemd and for what they start.
        let (deaf, words) = try run(program, "trap '' PIPE; " + line)
        #expect(deaf == Self.readerGone && words.isEmpty, "\(deaf): \(words)")
    }

    @Test func aVerificationThatNobodyReadsEndsQuietly() async throws {
        try await Stack.with(.oneWorker) { stack in
            // The reader has left before the tool starts.
            let script = #"exec 3> >(exit 0); wait $!; "$TOOL" verify >&3"#
            let url = Deployment.redisURL("worksadmin", Deployment.operatorPassword, at: stack.redis.socket)
            let child = try Child(
                "bash",
                try Tools.system("bash"),
                ["-c", script],
                environment: ["WORKS_REDIS_URL": url, "TOOL": try Tools.built("worksctl")],
                log: stack.directory.file("verify.log")
            )
            #expect(try child.wait() == Self.readerGone && child.output().isEmpty, "\(child.output())")
        }
    }

    /// A terminal's escape sequences are for terminals; what is quoted from a line must not bring any either.
    @Test func whatIsNotATerminalGetsNoEscapeSequences() async throws {
        try await Stack.with(.oneWorker) { stack in
            _ = try stack.directory.write("bad", "nonsense\n{\"a\\u001b[31m\":1}\n{}\n")
            let output = try stack.tool("import < bad", ending: .exited(1))
            for number in 1...3 { #expect(output.contains("line \(number): "), "\(output)") }
            #expect(output.split(separator: "\n").count == 5, "\(output)")
            #expect(!output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(output)")
        }
    }
}
