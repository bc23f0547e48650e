import CLinux
import Synchronization

/// One thread that waits for descriptors, timers and jobs, and runs whatever is ready.
///
/// The loop is also a Swift executor: `async` functions isolated to ``LoopActor`` run on the thread that called
/// ``run()``, so a C library's callback and the code that awaits it are always on one thread. A turn is: run the ready
/// jobs and the hooks that may make new ones, round by round, until none is left; sleep in `epoll_wait`; call the
/// watches whose descriptors are ready; fire the timers that are due.
///
/// Its state is `@LoopActor`, checked by the compiler, except for what other threads and the runtime must reach.
///
/// Each turn reads some properties a dozen times. They are `@exclusivity(unchecked)`: no access to them spans a call of
/// other code, so the check at run time could find nothing, and it would cost a short request 6 % more instructions.
public final class EventLoop: SerialExecutor, TaskExecutor, Sendable {
    /// Jobs handed over by other threads, to be run in the next turn.
    private let inbox = Mutex<[UnownedJob]>([])
    private let epoll: Int32
    /// Other threads ring this after putting a job into the inbox.
    private let bell: Int32

    /// The `pthread_t` of the thread that runs the loop; 0 before ``run()``.
    private let thread = Atomic<UInt>(0)
    /// Jobs to be run in this turn.
    ///
    /// `nonisolated(unsafe)`: the runtime calls ``enqueue(_:)`` for every job, outside of any actor. That call touches
    /// this only on the loop's thread, which ``isCurrent`` checks; all other users are `@LoopActor`.
    @exclusivity(unchecked) nonisolated(unsafe) private var ready: [UnownedJob] = []
    @exclusivity(unchecked) @LoopActor private var running: [UnownedJob] = []
    @exclusivity(unchecked) @LoopActor private var isStopping = false

    /// The watches by their keys; unchecked like the others, since a watch that is removed is held by its caller.
    @exclusivity(unchecked) @LoopActor var watches: [UInt64: Watch] = [:]
    @LoopActor private var lastKey = bellKey
    @LoopActor var timers = TimerQueue()
    @exclusivity(unchecked) @LoopActor private var jobHooks: [Hook] = []
    @exclusivity(unchecked) @LoopActor private var roundHooks: [Hook] = []

    init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && bell >= 0, "no descriptors left for the event loop")
        control(EPOLL_CTL_ADD, bell, UInt32(EPOLLIN.rawValue), key: Self.bellKey)
    }

    // MARK: Executor

    /// Whether the caller is on the loop's thread.
    public var isCurrent: Bool {
        thread.load(ordering: .relaxed) == pthread_self()
    }

    public func isIsolatingCurrentContext() -> Bool? {
        isCurrent
    }

    public func checkIsolated() {
        precondition(isCurrent, "not on the event loop's thread")
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ready.append(job)
        } else {
            inbox.withLock { $0.append(job) }
            ring()
        }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    public func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        UnownedTaskExecutor(ordinary: self)
    }

    // MARK: Running

    /// Makes the calling thread the loop's thread and runs until ``stop()``.
    ///
    /// May be called once per process: tasks that prefer this executor rely on its thread.
    public func run() {
        let (isFirst, _) = thread.compareExchange(expected: 0, desired: pthread_self(), ordering: .relaxed)
        precondition(isFirst, "the event loop runs already")
        var events = [epoll_event](repeating: epoll_event(), count: Self.eventsMax)
        LoopActor.assumeIsolated {
            ready.append(contentsOf: takeInbox())
            while !isStopping {
                let isBusy = runJobs()
                sleep(isBusy ? .zero : timers.timeUntilNext(now: .now), into: &events)
                // One instant for all timers: a timer set by another waits for the next turn.
                let now = ContinuousClock.now
                while let timer = timers.popDue(now: now) { timer.fire() }
            }
        }
    }

    /// Ends ``run()`` after the current turn.
    @LoopActor public func stop() {
        isStopping = true
    }

    /// How many jobs wait for the thread.
    @LoopActor public var readyJobs: Int {
        ready.count
    }

    /// Runs jobs and hooks until neither makes more work for the other, for at most ``roundsMax`` rounds.
    ///
    /// Returns whether more must be done at once; descriptors and timers are still served first.
    @LoopActor private func runJobs() -> Bool {
        var rounds = 0
        while true {
            drain()
            rounds += 1
            var isBusy = false
            for hook in jobHooks where hook.call(false) { isBusy = true }
            isBusy = isBusy || !ready.isEmpty
            let isLast = !isBusy || rounds == Self.roundsMax
            for hook in roundHooks { _ = hook.call(isLast) }
            if isLast { return isBusy || !ready.isEmpty }
        }
    }

    /// Runs the ready jobs, then those that they started, and so on for at most ``generationsMax`` generations.
    @LoopActor private func drain() {
        for _ in 0..<Self.generationsMax {
            if ready.isEmpty { return }
            swap(&running, &ready)
            for job in running {
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor()
                )
            }
            running.removeAll(keepingCapacity: true)
        }
    }

    @LoopActor private func sleep(_ limit: Duration?, into events: inout [epoll_event]) {
        let count = epoll_wait(epoll, &events, Int32(events.count), Self.milliseconds(limit))
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            if event.data.u64 == Self.bellKey {
                silence()
                ready.append(contentsOf: takeInbox())
            } else {
                watches[event.data.u64]?.ready(event.events)
            }
        }
    }

    /// Rounded up, so that a timer is due when the loop wakes for it.
    private static func milliseconds(_ limit: Duration?) -> Int32 {
        guard let limit else { return -1 }
        let (seconds, attoseconds) = limit.components
        if seconds >= 3600 { return 3_600_000 }
        return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    // MARK: Hooks

    /// Adds a hook that is called whenever the loop has run out of jobs; it may start new ones.
    ///
    /// - Parameter body: returns whether it wants to be called again before the loop sleeps.
    /// - Returns: the hook, which can be removed.
    @discardableResult
    @LoopActor public func afterJobs(_ body: @escaping @LoopActor () -> Bool) -> Hook {
        let hook = Hook { _ in body() }
        jobHooks.append(hook)
        return hook
    }

    /// Adds a hook that is called after each round of jobs and ``afterJobs(_:)``.
    ///
    /// - Parameter body: called with whether this is the last round before the loop checks its descriptors, so that
    ///   everything the rounds have written can be sent in one system call.
    /// - Returns: the hook, which can be removed.
    @discardableResult
    @LoopActor public func afterRound(_ body: @escaping @LoopActor (_ isLast: Bool) -> Void) -> Hook {
        let hook = Hook { isLast in
            body(isLast)
            return false
        }
        roundHooks.append(hook)
        return hook
    }

    @LoopActor func remove(_ hook: Hook) {
        jobHooks.removeAll { $0 === hook }
        roundHooks.removeAll { $0 === hook }
    }

    // MARK: Inbox

    private func takeInbox() -> [UnownedJob] {
        inbox.withLock { jobs in
            let taken = jobs
            jobs.removeAll(keepingCapacity: true)
            return taken
        }
    }

    private func ring() {
        var one: UInt64 = 1
        _ = write(bell, &one, 8)
    }

    private func silence() {
        var count: UInt64 = 0
        _ = read(bell, &count, 8)
    }

    // MARK: Descriptors

    /// Returns a key for a watch, never the same twice.
    ///
    /// A descriptor's number would not do: the next descriptor opened reuses it, possibly before all events of the old
    /// one are handled.
    @LoopActor func nextKey() -> UInt64 {
        lastKey += 1
        return lastKey
    }

    /// Tells the kernel which events of a descriptor the loop waits for, and the key under which they come back.
    func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32, key: UInt64) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = key
        _ = epoll_ctl(epoll, operation, descriptor, &event)
    }

    private static let bellKey: UInt64 = 0
    private static let eventsMax = 64
    /// These two bound how long jobs that keep starting jobs can delay descriptors and timers.
    private static let roundsMax = 8
    private static let generationsMax = 64
}
