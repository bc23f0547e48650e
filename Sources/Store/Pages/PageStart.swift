public import Works

/// Where a page begins.
public enum PageStart: Sendable, Equatable {
    /// After this many items.
    case rank(Int)
    /// After a position, whether or not its item still exists.
    case after(Position)
}
