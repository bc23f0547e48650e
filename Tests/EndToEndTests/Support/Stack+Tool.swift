import Foundation
import TestSupport
import Testing

extension Stack {
    /// Starts the operator's tool with a line of shell: arguments, and redirections to files in the stack's directory.
    func starting(_ line: String) throws -> Child {
        let url = Deployment.redisURL("worksadmin", Deployment.operatorPassword, at: redis.socket)
        let environment = ["WORKS_REDIS_URL": url, "TOOL": try Tools.built("worksctl")]
        let script = "cd '\(directory.path)' && exec \"$TOOL\" \(line)"
        return try Child(
            "worksctl",
            "/bin/sh",
            ["-c", script],
            environment: environment,
            log: directory.file("tool-\(unique()).log")
        )
    }

    /// Runs the operator's tool with a line of shell, expects how it ends, and returns what it wrote.
    @discardableResult
    func tool(
        _ line: String,
        ending expected: Child.Ending = .exited(0),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let child = try starting(line)
        let ending = try child.wait(atMost: .seconds(60))
        #expect(ending == expected, "worksctl \(line)\n\(child.output())", sourceLocation: sourceLocation)
        return child.output()
    }

    /// Exports all works to a file of the stack's directory, and returns its text.
    func archive(_ name: String) throws -> String {
        try tool("export > \(name)")
        return try text(name)
    }

    /// The text of a file of the stack's directory.
    func text(_ name: String) throws -> String {
        try String(contentsOfFile: directory.file(name), encoding: .utf8)
    }
}
