import Glibc
import Loop
import Program

/// The operator's tool.
@main enum Main {
    static func main() {
        for warning in Variables.warnings(about: Program.environmentNames) {
            Output.error.tell("\(Invocation.program): \(warning)\n")
        }
        do {
            switch try Invocation.read(CommandLine.arguments.dropFirst(), environment: Program.environment) {
            case .print(let text): try Output.standard.print(text)
            case .run(let invocation):
                LoopActor.start { await run(invocation) }
                LoopActor.loop.run()
            }
        } catch {
            error.end(Invocation.program)
        }
    }

    @LoopActor private static func run(_ invocation: Invocation) async {
        Signals.ignoreBrokenPipes()
        do {
            try await invocation.command.run(on: invocation.store)
            exit(EXIT_SUCCESS)
        } catch {
            Exit(error).end(Invocation.program)
        }
    }
}
