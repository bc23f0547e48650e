import Glibc
import HTTP
import HTTPServer
import Loop
import Program
import Store

/// A worker: a process with one thread and no state.
@main enum Main {
    static func main() {
        do {
            switch try Settings.read(CommandLine.arguments.dropFirst(), environment: Program.environment) {
            case .print(let text): try Output.standard.print(text)
            case .run(let settings): try run(settings)
            }
        } catch {
            end(error)
        }
    }

    private static func run(_ settings: Settings) throws {
        let listener = try openListener(settings.listen)
        LoopActor.start {
            do {
                try await Worker(settings, on: listener).start()
            } catch {
                end(error)
            }
        }
        LoopActor.loop.run()
    }

    /// Opens the listening socket; one from the service manager takes precedence.
    private static func openListener(_ address: ListenAddress) throws -> Listener {
        guard InheritedSocket.count <= 1 else {
            throw Exit.usage("LISTEN_FDS: \(InheritedSocket.count) sockets were passed, but a worker listens on one")
        }
        return try InheritedSocket.descriptor.map { try Listener(inherited: $0) } ?? Listener(address)
    }

    /// Ends the process; an error that is not an ``Exit`` came from a system call.
    private static func end(_ error: any Error) -> Never {
        let exit = error as? Exit ?? Exit("\(error)", status: EX_OSERR)
        exit.end(Settings.program)
    }
}

/// The listening socket from the service manager, see sd_listen_fds(3).
enum InheritedSocket {
    /// Nil if there is none.
    static var descriptor: Int32? { count > 0 ? firstDescriptor : nil }

    /// How many sockets were passed.
    static var count: Int {
        guard Program.environment("LISTEN_PID") == String(getpid()) else { return 0 }
        return Program.environment("LISTEN_FDS").flatMap { Int($0) } ?? 0
    }

    /// `SD_LISTEN_FDS_START`.
    private static let firstDescriptor: Int32 = 3
}
