/// Which works a list contains, and how they are ordered.
public enum ListOrder: Sendable, Equatable {
    /// The live works.
    case live(Order)
    /// The works in the trash, newest deletion first.
    case trash
}
