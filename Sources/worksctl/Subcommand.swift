import Glibc
import Loop
import Redis
import Works

/// One thing that the operator can have done.
///
/// A new one is a file, and a line in ``Arguments/subcommands``.
protocol Subcommand: Sendable {
    static var name: String { get }
    /// What it takes besides the setting of the store: flags with values.
    static var options: [Option] { get }
    static var help: String { get }

    /// Does it; what it prints goes to standard output.
    @LoopActor static func run(_ invocation: Invocation) async throws(Stop)
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
struct Stop: Error {
    let sentence: String
    let status: Int32

    init(sentence: String, status: Int32) {
        self.sentence = sentence
        self.status = status
    }

    /// The command ran, and its answer is no.
    static func failed(_ sentence: String) -> Stop {
        Stop(sentence: sentence, status: EXIT_FAILURE)
    }

    /// The command line is wrong.
    static func usage(_ sentence: String) -> Stop {
        Stop(sentence: sentence, status: EX_USAGE)
    }

    /// Redis did not do what it was asked.
    init(_ error: RedisError) {
        switch error {
        case .rejected(let refusal): self.init(sentence: "Redis refuses: \(refusal)", status: EXIT_FAILURE)
        case .disconnected, .overloaded, .connectionLost, .timedOut:
            self.init(sentence: "the connection to the store failed: \(error)", status: EX_UNAVAILABLE)
        }
    }

    /// Runs what asks the store, and makes a stop of its failure.
    @LoopActor static func onFailure<Value>(_ body: () async throws(Failure) -> Value) async throws(Stop) -> Value {
        do throws(Failure) {
            return try await body()
        } catch {
            throw Stop(error)
        }
    }

    /// The store did not do what it was asked.
    init(_ failure: Failure) {
        let isAway = failure == .storageUnreachable || failure == .storageSilent
        self.init(sentence: failure.message(in: .english), status: isAway ? EX_UNAVAILABLE : EXIT_FAILURE)
    }
}
