import Testing

@testable import Redis

struct ClientStateTests {
    typealias Event = ClientState.Event
    typealias Action = ClientState.Action
    typealias Phase = ClientState.Phase

    /// The events that lead a new state to each phase.
    private static let paths: [(Phase, [Event])] = [
        (.idle, []),
        (.connecting, [.started]),
        (.authenticating, [.started, .connected]),
        (.admitting, [.started, .connected, .authenticated]),
        (.usable, [.started, .connected, .authenticated, .admitted]),
        (.backingOff, [.started, .failed("first")]),
        (.closing, [.started, .connected, .authenticated, .admitted, .stopped]),
    ]

    private static let events: [Event] = [
        .started, .connected, .authenticated, .admitted, .rested, .connectTimedOut, .failed("why"), .unfit("why"),
        .stopped,
    ]

    private static let first = Action.rest(.milliseconds(10))
    private static let second = Action.rest(.milliseconds(20))

    /// The pairs of phase and event that have an effect.
    private static let transitions: [(Phase, Event, Phase, [Action])] = [
        (.idle, .started, .connecting, [.open]),
        (.idle, .stopped, .idle, [.finish]),
        (.connecting, .connected, .authenticating, [.authenticate]),
        (.connecting, .connectTimedOut, .backingOff, [.drop, first]),
        (.connecting, .failed("why"), .backingOff, [.drop, first]),
        (.connecting, .stopped, .idle, [.drop, .finish]),
        (.authenticating, .authenticated, .admitting, [.admit]),
        (.authenticating, .failed("why"), .backingOff, [.drop, first]),
        (.authenticating, .stopped, .idle, [.drop, .finish]),
        (.admitting, .admitted, .usable, [.serve]),
        (.admitting, .failed("why"), .backingOff, [.drop, first]),
        (.admitting, .stopped, .idle, [.drop, .finish]),
        (.usable, .failed("why"), .backingOff, [.drop, first]),
        (.usable, .unfit("why"), .backingOff, [.retire, first]),
        (.usable, .stopped, .closing, [.retire]),
        (.backingOff, .rested, .connecting, [.open]),
        (.backingOff, .stopped, .idle, [.finish]),
        (.closing, .failed("why"), .idle, [.finish]),
    ]

    /// The events that only an active connection or timer can send, so that the client never passes them on otherwise.
    private static func canArrive(_ event: Event, in phase: Phase) -> Bool {
        switch event {
        case .connected, .connectTimedOut: phase == .connecting
        case .authenticated: phase == .authenticating
        case .admitted: phase == .admitting
        case .rested: phase == .backingOff
        case .failed: phase != .idle && phase != .backingOff
        case .started, .unfit, .stopped: true
        }
    }

    private func state(in phase: Phase) throws -> ClientState {
        var state = ClientState(backOffMin: .milliseconds(10), backOffMax: .seconds(1))
        let path = try #require(Self.paths.first { $0.0 == phase }).1
        for event in path { _ = state.handle(event) }
        try #require(state.phase == phase)
        return state
    }

    @Test(arguments: paths.map(\.0), events)
    func followsTheTable(_ phase: Phase, _ event: Event) throws {
        guard Self.canArrive(event, in: phase) else { return }
        var state = try state(in: phase)
        let before = state
        let actions = state.handle(event)
        if let transition = Self.transitions.first(where: { $0.0 == phase && $0.1 == event }) {
            #expect(state.phase == transition.2)
            #expect(actions == transition.3)
        } else {
            #expect(state == before)
            #expect(actions.isEmpty)
        }
    }

    /// A release build ignores such an event instead.
    @Test func stopsADebugBuildAtAnEventThatCannotArrive() async {
        await #expect(processExitsWith: .failure) {
            var state = ClientState(backOffMin: .milliseconds(10), backOffMax: .seconds(1))
            _ = state.handle(.connected)
        }
    }

    @Test func waitsTwiceAsLongAfterEachFailureUpToTheBound() throws {
        var state = try state(in: .connecting)
        var pauses: [Action] = []
        for _ in 0..<100 {
            pauses += state.handle(.failed("down")).dropFirst()
            _ = state.handle(.rested)
        }
        let expected = [10, 20, 40, 80, 160, 320, 640, 1000, 1000].map { Action.rest(.milliseconds($0)) }
        #expect(pauses.prefix(9) == expected[...])
        #expect(pauses.dropFirst(7).allSatisfy { $0 == .rest(.seconds(1)) })
    }

    @Test func waitsBrieflyAgainAfterItWasUsable() throws {
        var state = try state(in: .backingOff)
        for event: Event in [.rested, .failed("again"), .rested, .connected, .authenticated] { _ = state.handle(event) }
        #expect(state.handle(.admitted) == [.serve])
        #expect(state.handle(.failed("lost")) == [.drop, Self.first])
        _ = state.handle(.rested)
        #expect(state.handle(.failed("lost")) == [.drop, Self.second])
    }

    @Test func keepsTheReasonUntilItIsUsable() throws {
        var state = try state(in: .connecting)
        #expect(state.unusableReason == nil)
        _ = state.handle(.failed("refused"))
        #expect(state.unusableReason == "refused")
        for event: Event in [.rested, .connected, .authenticated] {
            _ = state.handle(event)
            #expect(state.unusableReason == "refused")
        }
        _ = state.handle(.admitted)
        #expect(state.unusableReason == nil)
        _ = state.handle(.unfit("why"))
        #expect(state.unusableReason != nil)
    }

    @Test func startsAgainAfterItWasClosed() throws {
        var state = try state(in: .closing)
        #expect(state.handle(.failed("closed")) == [.finish])
        #expect(state.handle(.started) == [.open])
    }
}
