extension Timestamp {
    /// How far ahead of the service's clock a time that a client sends may lie.
    package static let leadMax = Duration.seconds(300)

    func isTooFarAhead(of now: Timestamp) -> Bool {
        seconds - now.seconds > Self.leadMax.components.seconds
    }

    /// The earlier one to the millisecond, though both may read the same.
    func earlier(_ other: Timestamp) -> Timestamp {
        Timestamp(milliseconds: min(milliseconds, other.milliseconds))
    }

    /// The later one to the millisecond, though both may read the same.
    func later(_ other: Timestamp) -> Timestamp {
        Timestamp(milliseconds: max(milliseconds, other.milliseconds))
    }
}
