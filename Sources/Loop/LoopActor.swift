/// The actor of everything that runs on the event loop.
///
/// State that belongs to the loop's thread is annotated `@LoopActor`; the compiler then rejects any access from
/// elsewhere.
@globalActor public actor LoopActor {
    public static let shared = LoopActor()

    /// The process's one loop.
    public static let loop = EventLoop()

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        Self.loop.asUnownedSerialExecutor()
    }

    /// Enters the actor from a C callback, which always runs on the loop's thread.
    public static func assumeIsolated<T>(_ body: @LoopActor () throws -> T) rethrows -> T {
        precondition(loop.isCurrent, "C callback off the loop's thread")
        // Function types that differ only in isolation have the same representation, and the check above is what the
        // annotation promises.
        return try withoutActuallyEscaping(body) { body in
            try unsafeBitCast(body, to: (() throws -> T).self)()
        }
    }

    /// Enters the actor with the arguments of a C callback.
    ///
    /// The compiler cannot know that they belong to the loop as well; they do, because the loop made the call.
    public static func assumeIsolated<Arguments, T>(
        with arguments: Arguments,
        _ body: @LoopActor (Arguments) -> T
    ) -> T {
        precondition(loop.isCurrent, "C callback off the loop's thread")
        return withoutActuallyEscaping(body) { body in
            unsafeBitCast(body, to: ((Arguments) -> T).self)(arguments)
        }
    }

    /// Starts a task on the loop.
    ///
    /// The executor preference keeps even the task's first step off the global thread pool, so that the process has
    /// only one thread.
    public static func start(_ body: @escaping @LoopActor () async -> Void) {
        Task(executorPreference: loop) { await body() }
    }
}
