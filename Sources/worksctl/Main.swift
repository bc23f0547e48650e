internal import Glibc
internal import Loop
internal import Redis

/// The operator's tool.
@main enum Main {
    static func main() {
        switch Arguments.read(Array(CommandLine.arguments.dropFirst()), environment: { environment($0) }) {
        case .run(let command, let address):
            LoopActor.start { await run(command, on: address) }
            LoopActor.loop.run()
        case .print(let text):
            print(text)
        case .refuse(let sentence):
            end("worksctl: \(sentence)", status: EX_USAGE)
        }
    }

    @LoopActor private static func run(_ command: any Subcommand.Type, on address: RedisAddress) async {
        Signals.ignoreBrokenPipes()
        let connection = RedisConnection(to: address) { _ in }
        connection.start()
        guard await isUsable(connection) else {
            end(
                "worksctl: the store cannot be reached: \(connection.lastProblem ?? "no answer")",
                status: EX_UNAVAILABLE
            )
        }
        do throws(Stop) {
            try await command.run(on: connection)
            await connection.close()
            exit(0)
        } catch {
            end("worksctl: \(error.sentence)", status: error.status)
        }
    }

    /// Waits for the connection for as long as somebody would at a terminal.
    @LoopActor private static func isUsable(_ connection: RedisConnection) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(5)
        while !connection.isUsable {
            guard ContinuousClock.now < deadline else { return false }
            await Timer.sleep(for: .milliseconds(10))
        }
        return true
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func end(_ line: String, status: Int32) -> Never {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
        exit(status)
    }
}
