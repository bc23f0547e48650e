/// What only the process knows about itself, not the service.
public struct ProcessUsage: Sendable {
    /// Open connections of clients.
    public var connections: Int
    /// When the process started, in microseconds since the beginning of 1970.
    public var startMicroseconds: Int
    /// The processor time that it has used.
    public var cpuMicroseconds: Int
    /// Its resident memory; nil if that is not known.
    public var residentBytes: Int?
    /// How many descriptors are open; nil if that is not known.
    public var openDescriptors: Int?
    /// How many descriptors may be open; nil if that is not known.
    public var descriptorsMax: Int?

    public init(
        connections: Int,
        startMicroseconds: Int,
        cpuMicroseconds: Int,
        residentBytes: Int?,
        openDescriptors: Int?,
        descriptorsMax: Int?
    ) {
        self.connections = connections
        self.startMicroseconds = startMicroseconds
        self.cpuMicroseconds = cpuMicroseconds
        self.residentBytes = residentBytes
        self.openDescriptors = openDescriptors
        self.descriptorsMax = descriptorsMax
    }
}
