/// Where a connection stands, and what is to be done when something happens to it: the decisions, without the deeds.
///
///     idle → connecting → authenticating → gating → usable
///              ↑                                      ↓ (or from any of them, when it fails)
///              └──────────── backing off ←────────────┘
///
/// From anywhere, stopping leads back to idle; through closing, if there are commands to wait for. An event that makes
/// no sense where the connection stands comes too late, and is nothing to act upon.
struct ClientState: Equatable {
    enum Phase: Equatable {
        /// Not started, or closed.
        case idle
        /// A socket has been opened and is not connected yet.
        case connecting
        /// Connected; the user and the database are not accepted yet.
        case authenticating
        /// The gate looks at the Redis on the other side, and may refuse it.
        case admitting
        case usable
        /// There is no connection, and there will be a new attempt after a pause.
        case backingOff
        /// No new commands are taken; those in flight still get their replies.
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
        /// The connection has ended, or could not be made, or must not be used.
        case failed(String)
        /// The Redis on the other side is not what the gate has let through any more; with the reason.
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
        /// End the connection when its commands have their replies.
        case retire
        /// Tell those who wait for the close that it is done.
        case finish
    }

    private(set) var phase = Phase.idle
    /// Why there is no usable connection; nil while there is one, and before the first attempt.
    private(set) var problem: String?
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
            problem = nil
            failures = 0
            return [.serve]
        case (.connecting, .connectTimedOut):
            return [.drop, backOff(because: "the connection could not be made in time")]
        case (.connecting, .failed(let problem)), (.authenticating, .failed(let problem)),
            (.admitting, .failed(let problem)), (.usable, .failed(let problem)):
            return [.drop, backOff(because: problem)]
        case (.usable, .unfit(let problem)):
            return [.retire, backOff(because: problem)]
        case (.usable, .stopped):
            phase = .closing
            return [.retire]
        case (.connecting, .stopped), (.authenticating, .stopped), (.admitting, .stopped):
            phase = .idle
            return [.drop, .finish]
        case (.idle, .stopped), (.backingOff, .stopped), (.closing, .failed):
            phase = .idle
            return [.finish]
        case (_, .started), (_, .connected), (_, .authenticated), (_, .admitted), (_, .rested), (_, .connectTimedOut),
            (_, .failed), (_, .unfit), (_, .stopped):
            return []
        }
    }

    /// Doubles the pause with each failure since the connection was last usable.
    private mutating func backOff(because problem: String) -> Action {
        phase = .backingOff
        self.problem = problem
        let pause = min(backOffMax, backOffMin * (1 << min(failures, Self.doublingsMax)))
        failures += 1
        return .rest(pause)
    }

    /// Keeps the product from overflowing; far beyond any sensible ``backOffMax``.
    private static let doublingsMax = 20
}
