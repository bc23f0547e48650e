import Glibc
import Loop

/// The operator's tool.
@main enum Main {
    static func main() {
        switch Arguments.read(Array(CommandLine.arguments.dropFirst()), environment: { environment($0) }) {
        case .run(let command, let invocation):
            LoopActor.start { await run(command, invocation) }
            LoopActor.loop.run()
        case .print(let text):
            print(text)
        case .refuse(let sentence):
            end("worksctl: \(sentence)", status: EX_USAGE)
        }
    }

    @LoopActor private static func run(_ command: any Subcommand.Type, _ invocation: Invocation) async {
        Signals.ignoreBrokenPipes()
        do {
            try await command.run(invocation)
            exit(0)
        } catch {
            let exit = Exit(error)
            end("worksctl: \(exit.sentence)", status: exit.status)
        }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func end(_ line: String, status: Int32) -> Never {
        Output.error.write(line + "\n")
        exit(status)
    }
}
