/// What a service needs to know about its process and its configuration.
package struct ServiceSettings: Sendable {
    /// The name of this worker, which every answer carries.
    package var worker: String
    package var version: String
    /// What `offset` counts.
    package var offsetUnit: OffsetUnit

    package enum OffsetUnit: String, Sendable, CaseIterable {
        case page
        case row
    }

    package init(worker: String, version: String, offsetUnit: OffsetUnit = .page) {
        self.worker = worker
        self.version = version
        self.offsetUnit = offsetUnit
    }
}
