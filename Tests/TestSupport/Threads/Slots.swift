/// A counting semaphore for tasks, first come, first served.
final class Slots: Sendable {
    static let sharing = Slots(4)
    static let processes = Slots(2)
    static let waiting = Slots(4)

    private struct State {
        var free: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Protected<State>

    init(_ count: Int) { state = Protected(State(free: count)) }

    func acquire() async {
        await withCheckedContinuation { waiter in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiters.append(waiter)
                return false
            }
            if isFree { waiter.resume() }
        }
    }

    func release() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
