import Foundation
import TestSupport
import Testing

/// What all scripts of `deploy/` have in common.
@Suite(.startingProcesses) struct ScriptTests {
    /// All executable files in `deploy/`, by their paths from there.
    private static let scripts = Result {
        let deploy = try Tools.repositoryFile("deploy")
        let files = FileManager.default
        return try files.subpathsOfDirectory(atPath: deploy).filter { file in
            let path = "\(deploy)/\(file)"
            var isDirectory: ObjCBool = false
            return files.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
                && files.isExecutableFile(atPath: path)
        }
    }

    @Test(arguments: ["-h", "--help"]) func printsItsOpeningCommentAsHelp(flag: String) throws {
        let scripts = try Self.scripts.get()
        for name in ["run", "test", "bench/compare", "with-sockets"] { #expect(scripts.contains(name)) }
        let directory = try ScratchDirectory()
        for name in scripts {
            let script = try Tools.repositoryFile("deploy/" + name)
            let help = try Child(name, script, [flag], log: directory.file("help"))
            #expect(try help.wait() == .exited(0), "\(name): \(help.output())")
            let comment = try String(contentsOfFile: script, encoding: .utf8).split(separator: "\n").dropFirst()
            let sentence = try #require(comment.first).dropFirst(2)
            #expect(help.output().hasPrefix(sentence + "\n"), "\(name): \(help.output())")
            try FileManager.default.removeItem(atPath: help.log)
        }
    }

    /// Each script with arguments that it answers at once, and its exit code and words.
    private static let answers = [
        ("run start", Int32(64), "takes no arguments"),
        ("rolling-restart now", 64, "takes no arguments"),
        ("test --help", 0, "Runs all checks and tests"),
        ("worksctl verify", 69, "no Redis on CHECKOUT/.works"),
    ]

    @Test(
        arguments: [
            "exec deploy/SCRIPT", "cd deploy && exec ./SCRIPT", "cd deploy && exec bash SCRIPT",
            "exec sh deploy/SCRIPT",
            "ln -s \"$PWD/deploy/SCRIPT\" ../link && cd / && exec \"$OLDPWD/../link\"",
            "ln -s deploy/SCRIPT link && exec ./link",
            "export CDPATH=$PWD:/tmp && cd .. && exec \"$OLDPWD/deploy/SCRIPT\"",
            "export CDPATH=$PWD && exec deploy/SCRIPT", "PATH=$PWD/deploy:$PATH && exec SCRIPT",
            "unset HOME && exec deploy/SCRIPT",
        ],
        answers
    )
    func runsHoweverItIsCalled(_ call: String, _ answer: (call: String, code: Int32, words: String)) throws {
        for name in ["checkout", "a check out"] {
            let checkout = try ScratchCheckout(named: name)
            let tools = checkout.directory.path
            for tool in ["works-worker", "worksctl"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(tools)/\(tool)",
                    withDestinationPath: try Tools.built(tool)
                )
            }
            let words = answer.call.split(separator: " ").map(String.init)
            let lines = call.replacing("SCRIPT", with: words[0]) + " " + words[1]
            let child = try checkout.start(lines, settings: ["WORKS_BIN_DIR": tools])
            #expect(try child.wait() == .exited(answer.code), "\(lines): \(child.output())")
            let expected = answer.words.replacing("CHECKOUT", with: checkout.path)
            #expect(child.output().contains(expected), "\(lines): \(child.output())")
            #expect(child.output().split(separator: "\n").count == 1 || answer.code == 0, "\(child.output())")
        }
    }
}
