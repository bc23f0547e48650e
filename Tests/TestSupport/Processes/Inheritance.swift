import Glibc

/// Keeps the tests' own descriptors out of the processes they start.
///
/// Swift's Glibc module has neither `accept4` nor `pipe2`, so close-on-exec is set just after the descriptor is made;
/// spawning takes the same lock, which makes the two one step.
enum Inheritance {
    static let lock = Protected(())

    /// Makes descriptors that no process inherits; negative ones are ignored.
    static func kept(_ make: () -> [Int32]) -> [Int32] {
        lock.withLock { _ in
            let descriptors = make()
            for descriptor in descriptors where descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
            return descriptors
        }
    }
}
