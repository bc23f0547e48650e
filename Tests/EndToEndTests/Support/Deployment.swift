import Foundation
import TestSupport

/// The shipped configuration, rendered for tests, so that they test what is deployed and not a copy of it.
enum Deployment {
    static let workerPassword = "worker-password"
    static let operatorPassword = "operator-password"

    /// Renders nginx's configuration for these workers, unix sockets or addresses, and returns its path; `settings` are
    /// environment variables.
    ///
    /// Without `operatorListen`, the operator's server is at an address that no test knows.
    static func nginx(
        in directory: ScratchDirectory,
        listen: SocketAddress,
        operatorListen: SocketAddress? = nil,
        workers: [String],
        settings: [String: String] = [:],
        on host: NetworkHost? = nil
    ) throws -> String {
        let state = directory.file("nginx")
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let operatorListen = try operatorListen ?? SocketAddress.freePort()
        let addresses = ["LISTEN": listen.description, "OPERATOR_LISTEN": operatorListen.description]
        let settings = addresses.merging(["STATE": state]) { $1 }.merging(settings) { $1 }
        return try render("nginx.conf", "deploy/nginx-conf", workers, settings, in: directory, on: host)
    }

    /// Starts Redis with the shipped configuration and access rules, plus a user for the tests who may do everything.
    static func redis(
        in directory: ScratchDirectory,
        settings: [String: String],
        on host: NetworkHost? = nil
    ) throws -> RedisServer {
        let passwords = ["WORKS_PASSWORD": workerPassword, "WORKSADMIN_PASSWORD": operatorPassword]
        let rules = try render("rules.acl", "deploy/users-acl", [], passwords, in: directory)
        let tests = RedisServer.User(name: "tests", password: "tests-password")
        let all = try String(contentsOfFile: rules, encoding: .utf8) + "user tests on >\(tests.password) ~* &* +@all\n"
        let file = try directory.write("users.acl", all)
        return try RedisServer(
            in: directory,
            configuration: try Tools.repositoryFile("deploy/redis.conf"),
            settings: settings.merging(["aclfile": file]) { own, _ in own },
            user: tests,
            on: host
        )
    }

    /// Unpacks a gzipped RDB file of the repository and returns the settings with which Redis loads it.
    static func unpack(dump: String, in directory: ScratchDirectory) throws -> [String: String] {
        let name = "unpacked.rdb"
        let words = ["-dc", try Tools.repositoryFile(dump)]
        let gzip = try Child("gzip", try Tools.system("gzip"), words, log: directory.file(name))
        guard try gzip.wait() == .exited(0) else { throw Missing("gzip: \(gzip.output())") }
        // With an append-only file switched on, Redis would read that instead.
        return ["dbfilename": name, "appendonly": "no"]
    }

    /// The store's URL for a user, behind the given socket.
    static func redisURL(_ user: String, _ password: String, at socket: String) -> String {
        "unix://\(user):\(password)@\(socket)?db=0"
    }

    /// Runs a script that prints a file, and returns the path of the file.
    private static func render(
        _ name: String,
        _ script: String,
        _ arguments: [String],
        _ environment: [String: String],
        in directory: ScratchDirectory,
        on host: NetworkHost? = nil
    ) throws -> String {
        let path = directory.file(name)
        let script = try Tools.repositoryFile(script)
        let words = [script] + arguments
        let bash = try Tools.system("bash")
        let child = try Child(script, bash, words, environment: environment, log: path, on: host)
        guard try child.wait() == .exited(0) else { throw Missing("\(script):\n\(child.output())") }
        return path
    }
}
