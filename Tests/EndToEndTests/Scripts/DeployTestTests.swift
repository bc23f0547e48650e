import Foundation
import TestSupport
import Testing

/// What `deploy/test` tells of the tests that it runs, and when it succeeds.
///
/// A fake `swift` stands for the real one.
@Suite(.startingProcesses) struct DeployTestTests {
    private static let good = """
        [0/1] Planning build
        ◇ Test run started.
        ↳ Testing Library Version: 6.3.1
        ◇ Suite JSONTests started.
        ◇ Test reads(text:) started.
        ◇ Test case passing 1 argument text → "{
        second line
        }" to reads(text:) started.
        ✔ Test reads(text:) passed after 0.001 seconds.
        ✔ Suite JSONTests passed after 1.500 seconds.
        ✔ Suite StoreTests passed after 20.250 seconds.
        ✔ Test run with 71 tests in 2 suites passed after 20.300 seconds.
        """

    private static let bad = """
        ◇ Test run started.
        ◇ Test fails() started.
        ✘ Test fails() recorded an issue at A.swift:4:40: Issue recorded
        ↳ the processes wrote:
          --- worker
          a line of the log
        ✔ Test reads() passed after 0.001 seconds.
        ➜ Test absent() skipped: "for a reason"
        ✘ Test fails() failed after 0.001 seconds with 1 issue.
        ✘ Suite JSONTests failed after 0.001 seconds with 1 issue.
        ✘ Test run with 3 tests in 1 suite failed after 0.001 seconds with 1 issue.
        """

    /// Runs `deploy/test` while `swift test` writes `output` and exits with `status`.
    private func run(
        _ arguments: [String] = [],
        output: String,
        status: Int32 = 0
    ) throws -> (ending: Child.Ending, output: String, log: String) {
        let checkout = try ScratchCheckout()
        let file = try checkout.directory.write("output", output + "\n")
        try checkout.fake("swift", "case $1 in test) cat \(file); exit \(status) ;; build) echo /nowhere ;; esac")
        for tool in ["shellcheck", "luacheck", "python3", "systemd-analyze"] { try checkout.fake(tool, "exit 0") }
        let (ending, shown) = try checkout.run("test", arguments)
        let log = checkout.path + "/.build/test.log"
        return (ending, shown, (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
    }

    @Test func printsTheSummaryAlone() throws {
        let (ending, output, log) = try run(output: Self.good)
        #expect(ending == .exited(0), "\(output)")
        #expect(output.contains("\n✔ Test run with 71 tests in 2 suites passed after 20.300 seconds.\n"), "\(output)")
        #expect(output.contains("\n  20.250 s  StoreTests\n  1.500 s  JSONTests\n"), "the slowest first: \(output)")
        for hidden in ["◇", "second line", "passed after 0.001"] { #expect(!output.contains(hidden), "\(output)") }
        #expect(output.contains(".build/test.log"))
        #expect(log.contains(Self.good))
    }

    @Test func printsFailuresInFull() throws {
        let (ending, output, log) = try run(output: Self.bad, status: 1)
        #expect(ending == .exited(1), "\(output)")
        let issue = Self.bad.split(separator: "\n")[2...5].joined(separator: "\n")
        #expect(output.contains(issue), "\(output)")
        #expect(output.contains("\n➜ Test absent() skipped: \"for a reason\"\n"), "\(output)")
        #expect(output.contains("\n✘ Test run with 3 tests"), "\(output)")
        #expect(!output.contains("reads()"), "\(output)")
        #expect(log.contains(Self.bad))
    }

    @Test func failsWithoutATest() throws {
        let none = "✔ Test run with 0 tests in 0 suites passed after 0.001 seconds."
        let (ending, output, _) = try run(["--filter", "NOTHING"], output: none)
        #expect(ending == .exited(1))
        #expect(output.contains("\ntest: no test was run: there is none that matches --filter NOTHING\n"), "\(output)")
    }

    @Test(arguments: [(Int32(0), Int32(1)), (1, 1), (139, 139)])
    func failsWithoutASummary(status: Int32, expected: Int32) throws {
        let started = "◇ Test reads() started.\nFatal error: Index out of range"
        let (ending, output, _) = try run(output: started, status: status)
        #expect(ending == .exited(expected))
        #expect(output.contains("\nFatal error: Index out of range\n"), "\(output)")
        #expect(output.contains("\ntest: the tests ended with status \(status) before they were complete"), "\(output)")
    }

    @Test func showsWhatTheBuildWroteIfItFails() throws {
        let checkout = try ScratchCheckout()
        try checkout.fake("swift", "[ $1 != build ] || { echo 'A.swift:1:1: error: no such module'; exit 1; }")
        for tool in ["shellcheck", "luacheck", "python3", "systemd-analyze"] { try checkout.fake(tool, "exit 0") }
        let (ending, output) = try checkout.run("test")
        #expect(ending == .exited(1))
        #expect(output.contains("\nA.swift:1:1: error: no such module\n"), "\(output)")
    }
}
