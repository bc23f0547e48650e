extension Timestamp {
    /// How far a time that a client sends may be ahead of the service's clock.
    public static let leadMax = Duration.seconds(300)

    /// Whether it is ahead by more than ``leadMax``, in whole seconds.
    func isTooFarAhead(of now: Timestamp) -> Bool {
        seconds - now.seconds > Self.leadMax.components.seconds
    }

    /// The earlier of the two to the millisecond, even if both read the same.
    func earlier(_ other: Timestamp) -> Timestamp {
        Timestamp(milliseconds: min(milliseconds, other.milliseconds))
    }

    /// The later of the two to the millisecond, even if both read the same.
    func later(_ other: Timestamp) -> Timestamp {
        Timestamp(milliseconds: max(milliseconds, other.milliseconds))
    }
}
