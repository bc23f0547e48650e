internal import Glibc
internal import Loop
internal import Redis
internal import Store
internal import Works

/// One thing that the operator can have done.
///
/// A new one is a file, and a line in ``Arguments/subcommands``.
protocol Subcommand: Sendable {
    static var name: String { get }
    static var help: String { get }

    /// Does it; what it prints goes to standard output.
    @LoopActor static func run(on connection: RedisConnection) async throws(Stop)
}

/// Why a command has ended without success.
struct Stop: Error {
    let sentence: String
    let status: Int32

    /// The command ran, and its answer is no.
    static func failed(_ sentence: String) -> Stop {
        Stop(sentence: sentence, status: EXIT_FAILURE)
    }

    /// The secret of a store that has been installed.
    @LoopActor static func secret(of connection: RedisConnection) async throws(Stop) -> SipKey {
        let secret: SipKey?
        do throws(RedisError) {
            secret = try await Storage.secret(of: connection)
        } catch {
            throw Stop(error)
        }
        guard let secret else { throw .failed("the store is not installed; run worksctl install") }
        return secret
    }

    init(sentence: String, status: Int32) {
        self.sentence = sentence
        self.status = status
    }

    /// Redis did not do what it was asked.
    init(_ error: RedisError) {
        switch error {
        case .refused(let refusal): self.init(sentence: "Redis refuses: \(refusal)", status: EXIT_FAILURE)
        case .disconnected, .overloaded, .connectionLost, .timedOut:
            self.init(sentence: "the connection to the store failed: \(error)", status: EX_UNAVAILABLE)
        }
    }
}
