import Glibc
import Loop
import Redis
import Store

/// One thing that the operator can have done.
///
/// A new one is a file, and a line in ``Arguments/subcommands``.
protocol Subcommand: Sendable {
    static var name: String { get }
    /// What it takes besides the setting of the store: flags with values.
    static var options: [Option] { get }
    static var help: String { get }

    /// Does it; what it prints goes to standard output.
    @LoopActor static func run(_ invocation: Invocation) async throws
}

/// A flag of a command, and the form of its value.
struct Option: Sendable {
    let flag: String
    let form: String
}

extension Subcommand {
    static var options: [Option] { [] }
}

/// Why a command has ended without success.
struct Exit: Error {
    let sentence: String
    let status: Int32

    init(sentence: String, status: Int32) {
        self.sentence = sentence
        self.status = status
    }

    /// The command ran, and its answer is no.
    static func failed(_ sentence: String) -> Exit {
        Exit(sentence: sentence, status: EXIT_FAILURE)
    }

    /// The command line is wrong.
    static func usage(_ sentence: String) -> Exit {
        Exit(sentence: sentence, status: EX_USAGE)
    }

    /// What a command has thrown.
    init(_ error: any Error) {
        switch error {
        case let exit as Exit: self = exit
        case let error as RedisError: self.init(error)
        case let error as StoreError: self.init(error)
        default: self = .failed("\(error)")
        }
    }

    private init(_ error: RedisError) {
        switch error {
        case .rejected: self = .failed("Redis refused a command: \(error)")
        case .disconnected, .overloaded, .connectionLost, .timedOut:
            self.init(sentence: "the connection to the store failed: \(error)", status: EX_UNAVAILABLE)
        }
    }

    private init(_ error: StoreError) {
        let isAway = error == .unreachable || error == .silent
        self.init(sentence: error.description, status: isAway ? EX_UNAVAILABLE : EXIT_FAILURE)
    }
}
