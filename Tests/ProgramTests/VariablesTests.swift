import Foundation
import Program
import TestSupport
import Testing

@testable import works_worker
@testable import worksctl

/// Names in the environment that look like a setting.
struct VariablesTests {
    @Test(arguments: [
        ("WORKS_REDIS_ULR", "; did you mean WORKS_REDIS_URL?"),
        ("WORKS_DRAIN_SECOND", "; did you mean WORKS_DRAIN_SECONDS?"),
        ("WORKS_LOGS", "; did you mean WORKS_LOG?"),
        ("WORKS_IDL", "; did you mean WORKS_ID?"),
        ("WORKS_log", ""),
        ("WORKS_REDIS_URI_OLD", ""),
        ("WORKS_", "; did you mean WORKS_ID?"),
    ])
    func anUnknownNameIsToldWithTheNearestOne(_ name: String, _ hint: String) {
        let warning = "the environment variable \(name) is unknown and has no effect" + hint
        #expect(Variables.warnings(about: ["PATH", name, "WORKS_LOG"]) == [warning])
    }

    @Test func namesThatAreKnownOrOfOthersAreNotTold() {
        #expect(Variables.warnings(about: Variables.known) == [])
        #expect(Variables.warnings(about: ["WORKSADMIN_PASSWORD", "WORKS", "PORT", "MY_WORKS_LOG", ""]) == [])
    }

    @Test func whatIsToldIsBounded() {
        let many = Variables.warnings(about: (0..<100).map { "WORKS_OTHER_\(100 + $0)" })
        #expect(many.count == 9 && many.last == "92 more names are unknown")
        let long = Variables.warnings(about: ["WORKS_\u{1B}[31m\n" + String(repeating: "x", count: 100_000)])
        #expect(long.count == 1 && long[0].utf8.count < 1000)
        #expect(long[0].hasPrefix("the environment variable WORKS_?[31m?x"))
    }

    /// One list for all, so that neither program warns of what another or a script reads.
    @Test func theListHasExactlyTheNamesOfTheOptionsTheScriptsAndTheTests() throws {
        var names = Set(Settings.options.compactMap(\.variable))
        names.formUnion(Invocation.options.compactMap(\.variable))
        names.formUnion(try self.names(in: "deploy", #/@?WORKS_[A-Z0-9_]*[A-Z0-9]/#).filter { $0.first != "@" })
        names.formUnion(try self.names(in: "Tests", #/WORKS_TEST_[A-Z_]*[A-Z]/#))
        #expect(names == Variables.known)
    }

    /// Every match in the text files below a directory.
    private func names(in directory: String, _ pattern: Regex<Substring>) throws -> [String] {
        let top = URL(fileURLWithPath: try Tools.repositoryFile(directory))
        let files = try #require(FileManager.default.enumerator(at: top, includingPropertiesForKeys: nil))
        return files.compactMap { $0 as? URL }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
            .flatMap { text in text.matches(of: pattern).map { String($0.output) } }
    }
}
