/// A command that has been given to hiredis and has no reply yet.
struct Pending {
    let waiter: Waiter
    /// When the connection counts as dead if the reply has not arrived.
    let deadline: ContinuousClock.Instant
    /// Where the command ends in the stream of all bytes that the connection sends.
    let end: Int
    /// The fields wanted from a hash; nil if the reply is wanted as it is.
    let fields: HashFields?
}
