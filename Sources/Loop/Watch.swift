import CLinux

/// What a descriptor is watched for, or is ready for.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Data can be read, or the peer has closed, or the descriptor has failed.
    public static let readable = Readiness(rawValue: 1)
    /// Data can be written, or the peer has closed, or the descriptor has failed.
    public static let writable = Readiness(rawValue: 2)
}

/// A descriptor that the loop watches, level-triggered, until ``cancel()``.
@LoopActor public final class Watch {
    private let descriptor: Int32
    private let key: UInt64
    /// Nil once the watch is cancelled, to release what the handler captures.
    private var handler: (@LoopActor (Readiness) -> Void)?

    /// What to call the handler for.
    public var interest: Readiness {
        didSet {
            guard interest != oldValue, handler != nil else { return }
            tellKernel(oldInterest: oldValue)
        }
    }

    /// Starts watching a descriptor, which the caller keeps open until after ``cancel()``.
    ///
    /// The loop holds the watch, so the caller need not.
    @discardableResult
    public init(_ descriptor: Int32, for interest: Readiness, handler: @escaping @LoopActor (Readiness) -> Void) {
        self.descriptor = descriptor
        self.interest = interest
        self.handler = handler
        key = LoopActor.loop.nextKey()
        LoopActor.loop.watches[key] = self
        tellKernel(oldInterest: [])
    }

    /// Ends the watch, after which the handler is not called.
    ///
    /// Must be called before the descriptor is closed.
    public func cancel() {
        interest = []
        handler = nil
        LoopActor.loop.watches[key] = nil
    }

    /// Without interest, the descriptor is removed from epoll: the kernel always reports failures, and with no handler
    /// for them the loop would spin.
    private func tellKernel(oldInterest: Readiness) {
        if oldInterest == interest { return }
        let operation = oldInterest.isEmpty ? EPOLL_CTL_ADD : interest.isEmpty ? EPOLL_CTL_DEL : EPOLL_CTL_MOD
        LoopActor.loop.control(operation, descriptor, events, key: key)
    }

    func ready(_ events: UInt32) {
        let failure = UInt32(EPOLLERR.rawValue) | UInt32(EPOLLHUP.rawValue)
        var readiness: Readiness = []
        if events & (UInt32(EPOLLIN.rawValue) | failure) != 0 { readiness.insert(.readable) }
        if events & (UInt32(EPOLLOUT.rawValue) | failure) != 0 { readiness.insert(.writable) }
        readiness.formIntersection(interest)
        guard !readiness.isEmpty else { return }
        handler?(readiness)
    }

    private var events: UInt32 {
        (interest.contains(.readable) ? UInt32(EPOLLIN.rawValue) : 0)
            | (interest.contains(.writable) ? UInt32(EPOLLOUT.rawValue) : 0)
    }
}
