extension EventLoop {
    /// A function that the loop calls between its jobs, until it is removed.
    ///
    /// The loop holds the hook, so the caller need not; keeping it also keeps what the function captures.
    @LoopActor public final class Hook {
        private let body: @LoopActor (_ isLastRound: Bool) -> Bool
        /// Read in every round, and not checked for exclusive access, like the properties of ``EventLoop``.
        @exclusivity(unchecked) private var isRemoved = false

        init(_ body: @escaping @LoopActor (_ isLastRound: Bool) -> Bool) {
            self.body = body
        }

        /// Returns whether the function wants to be called again before the loop sleeps.
        func call(_ isLastRound: Bool) -> Bool {
            !isRemoved && body(isLastRound)
        }

        /// Ensures that the function is not called again; a second removal has no effect.
        public func remove() {
            isRemoved = true
            LoopActor.loop.remove(self)
        }
    }
}
