public import HTTP

/// What a service needs to know about its process and its configuration.
public struct ServiceSettings: Sendable {
    /// The name of this worker, which every answer carries.
    public var worker: String
    public var version: String
    /// What `offset` counts.
    public var offsetUnit: OffsetUnit
    /// The origins of other sites whose pages may change works.
    public var origins: [Origin]

    public enum OffsetUnit: String, Sendable, CaseIterable {
        case page
        case row
    }

    public init(worker: String, version: String, offsetUnit: OffsetUnit = .page, origins: [Origin] = []) {
        self.worker = worker
        self.version = version
        self.offsetUnit = offsetUnit
        self.origins = origins
    }
}
