extension EventLoop {
    /// A function that the loop calls between its jobs, until it is removed.
    ///
    /// The loop holds the hook, so the caller need not.
    @LoopActor public final class Hook {
        /// Nil once the hook is removed, so that it releases what the function holds.
        private var body: (@LoopActor (_ isLastRound: Bool) -> Bool)?

        init(_ body: @escaping @LoopActor (_ isLastRound: Bool) -> Bool) {
            self.body = body
        }

        /// Returns whether the function wants to be called again before the loop sleeps.
        func call(_ isLastRound: Bool) -> Bool {
            body?(isLastRound) ?? false
        }

        /// Ensures that the function is not called again; a second removal has no effect.
        public func remove() {
            body = nil
            LoopActor.loop.remove(self)
        }
    }
}
