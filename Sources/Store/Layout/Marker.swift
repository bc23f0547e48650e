import Redis

/// What tells a store from any other: the version of its layout, and what `worksctl install` drew for it.
///
/// Every write requires it in the same step. So a worker that has not noticed that the store was emptied, installed
/// anew or brought to another layout writes nothing.
struct Marker: Equatable, Sendable {
    let instance: String

    /// The fields that the marker must have, for the functions.
    var query: MessagePack {
        MessagePack(["version", String(Keys.schemaVersion), "instance", instance])
    }

    /// Whether a function has refused to write, because the store has another marker.
    static func isRefused(by reply: Reply) -> Bool {
        reply.is("marker")
    }
}
