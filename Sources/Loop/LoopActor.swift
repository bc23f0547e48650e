/// The actor of everything that runs on the event loop.
///
/// State that belongs to the loop's thread is annotated `@LoopActor`; the compiler then refuses to touch it from
/// anywhere else.
@globalActor package actor LoopActor {
    package static let shared = LoopActor()

    /// The process's one loop.
    package static let loop = EventLoop()

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        Self.loop.asUnownedSerialExecutor()
    }

    /// Enters the actor from a C callback, which the loop always makes on its own thread.
    package static func assumeIsolated<T>(_ body: @LoopActor () throws -> T) rethrows -> T {
        precondition(loop.isCurrent, "C callback off the loop's thread")
        // A function type that differs in isolation alone has the same representation; the check above is what
        // the annotation promises.
        return try withoutActuallyEscaping(body) { body in
            try unsafeBitCast(body, to: (() throws -> T).self)()
        }
    }

    /// Enters the actor with the arguments of a C callback, which the compiler knows nothing about: they are the
    /// loop's as well, since the loop made the call.
    package static func assumeIsolated<Arguments, T>(
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
    /// The executor preference keeps its first step, too, off the global thread pool, so that the process stays at
    /// one thread.
    package static func start(_ body: @escaping @LoopActor () async -> Void) {
        Task(executorPreference: loop) { await body() }
    }
}
