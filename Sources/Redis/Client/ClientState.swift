/// The life cycle of a client's connection: receives events and returns what to do, without doing it.
///
///     idle → connecting → authenticating → admitting → usable
///              ↑                                         ↓ (or from any of them, on failure)
///              └───────────── backing off ←──────────────┘
///
/// Stopping leads back to idle from any phase; through closing, if commands still wait for their replies.
struct ClientState: Equatable {
    enum Phase: Equatable {
        /// Not started, or closed.
        case idle
        /// A socket has been opened but is not connected yet.
        case connecting
        /// Connected; Redis has not accepted the user and the database yet.
        case authenticating
        /// Checking whether this Redis is the right one.
        case admitting
        case usable
        /// Disconnected; the next attempt follows after a pause.
        case backingOff
        /// No new commands are accepted; those in flight still get their replies.
        case closing
    }

    enum Event: Equatable {
        case started
        case connected
        case authenticated
        case admitted
        /// The pause is over.
        case rested
        /// The socket has not connected in time.
        case connectTimedOut
        /// The connection has ended, could not be made, or must not be used; with the reason.
        case failed(String)
        /// The Redis at the other end would no longer be admitted; with the reason.
        case unfit(String)
        case stopped
    }

    enum Action: Equatable {
        case open
        case authenticate
        case admit
        /// Let commands through.
        case serve
        /// Pause for up to this long.
        case rest(Duration)
        /// End the connection at once, if it has not ended by itself.
        case drop
        /// End the connection once its commands have their replies.
        case retire
        /// Resume the callers that wait for the client to close.
        case finish
    }

    private(set) var phase = Phase.idle
    /// Why there is no usable connection; nil while there is one, and before the first attempt.
    private(set) var unusableReason: String?
    private var failures = 0
    private let backOffMin: Duration
    private let backOffMax: Duration

    init(backOffMin: Duration, backOffMax: Duration) {
        self.backOffMin = backOffMin
        self.backOffMax = backOffMax
    }

    mutating func handle(_ event: Event) -> [Action] {
        switch (phase, event) {
        case (.idle, .started), (.backingOff, .rested):
            phase = .connecting
            return [.open]
        case (.connecting, .connected):
            phase = .authenticating
            return [.authenticate]
        case (.authenticating, .authenticated):
            phase = .admitting
            return [.admit]
        case (.admitting, .admitted):
            phase = .usable
            unusableReason = nil
            failures = 0
            return [.serve]
        case (.connecting, .connectTimedOut):
            return [.drop, backOff(because: "the connection could not be made in time")]
        case (.connecting, .failed(let reason)), (.authenticating, .failed(let reason)),
            (.admitting, .failed(let reason)), (.usable, .failed(let reason)):
            return [.drop, backOff(because: reason)]
        case (.usable, .unfit(let reason)):
            return [.retire, backOff(because: reason)]
        case (.usable, .stopped):
            phase = .closing
            return [.retire]
        case (.connecting, .stopped), (.authenticating, .stopped), (.admitting, .stopped):
            phase = .idle
            return [.drop, .finish]
        case (.idle, .stopped), (.backingOff, .stopped), (.closing, .failed):
            phase = .idle
            return [.finish]
        case (_, .started), (_, .unfit), (.closing, .stopped):
            // Callers may send these at any time; here they change nothing.
            return []
        case (_, .connected), (_, .authenticated), (_, .admitted), (_, .rested), (_, .connectTimedOut),
            (.idle, .failed), (.backingOff, .failed):
            // An event of an abandoned connection or a cancelled timer, neither of which the client should pass on. A
            // release build ignores it.
            assertionFailure("\(event) while \(phase)")
            return []
        }
    }

    /// Doubles the pause with each failure since the connection was last usable.
    private mutating func backOff(because reason: String) -> Action {
        phase = .backingOff
        unusableReason = reason
        let pause = min(backOffMax, backOffMin * (1 << min(failures, Self.doublingsMax)))
        failures += 1
        return .rest(pause)
    }

    /// Keeps the product from overflowing; far beyond any sensible ``backOffMax``.
    private static let doublingsMax = 20
}
