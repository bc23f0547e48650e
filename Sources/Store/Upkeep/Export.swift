import JSON
public import Loop
import Redis
import Works

/// Exports all works, live or in the trash, in order of creation: each with its tasks as one line of an archive.
///
/// Memory is bounded: it holds the works of one hash of ids, or a page of tasks, at a time. Each work is exported as it
/// is when read. Works that are created, changed or purged during the export may appear in either state.
@LoopActor public final class Export {
    private let connection: StoreConnection
    /// How many numbers must be looked up, known after the first call of ``next()``.
    public private(set) var numberCount = 0
    /// How many have been looked up.
    public private(set) var numbersDone = 0
    /// How many works have been exported, including the one in progress.
    public private(set) var workCount = 0
    private var hasBegun = false
    /// Works that have been read but not written, in reverse order.
    private var works: [Work] = []
    /// The work being written, and the start of its next page of tasks.
    private var current: (work: Work, next: PageStart)?

    public init(of connection: StoreConnection) {
        self.connection = connection
    }

    /// The next bytes of the archive, not always whole lines; nil at its end.
    public func next() async throws(StoreError) -> [UInt8]? {
        try await begin()
        var json = JSONWriter(capacity: 4096)
        if let (work, start) = current {
            try await write(work, from: start, to: &json)
            return json.bytes
        }
        while works.isEmpty {
            if numbersDone >= numberCount { return nil }
            works = try await works(from: numbersDone).reversed()
            numbersDone = min(numbersDone + Keys.idsPerHash, numberCount)
        }
        let work = works.removeLast()
        workCount += 1
        ArchivedWork.writeStart(of: work, to: &json)
        try await write(work, from: .rank(0), to: &json)
        return json.bytes
    }

    private func begin() async throws(StoreError) {
        guard !hasBegun else { return }
        numberCount = 1 + (try await connection.send(Command.reading("GET", Keys.sequence)).integer ?? 0)
        hasBegun = true
    }

    /// Writes a page of tasks, and the end of the line after the last page.
    private func write(_ work: Work, from start: PageStart, to json: inout JSONWriter) async throws(StoreError) {
        let page = try await runs(of: work.id, from: start)
        for (index, run) in page.items.enumerated() {
            ArchivedWork.write(run, isFirst: index == 0 && start == .rank(0), to: &json)
        }
        current = page.next.map { (work, .after($0)) }
        if current == nil { ArchivedWork.writeEnd(to: &json) }
    }

    /// The works in the hash of ids that begins with the number `first`, in the order of their numbers.
    private func works(from first: Int) async throws(StoreError) -> [Work] {
        let fields = try await connection.send(Command.reading("HGETALL", Keys.ids(first)))
        let numbered = stride(from: 0, to: fields.count, by: 2).compactMap { index in
            fields[index].integer.flatMap { low in
                fields[index + 1].string.flatMap(WorkID.init).map { (low: low, id: $0) }
            }
        }
        let ids = numbered.sorted { $0.low < $1.low }.map(\.id)
        let values = try await connection.send(ids.map(WorkStore.read))
        return zip(ids, values).compactMap { WorkRecord(id: $0, values: $1)?.work }
    }

    private func runs(of work: WorkID, from start: PageStart) async throws(StoreError) -> Page<Run> {
        try await RunStore.pages(of: work, isDescending: false, from: connection).read(
            [Keys.runs(of: work)],
            from: start,
            limit: Self.runsAtOnceMax
        ).map(\.run)
    }

    private static let runsAtOnceMax = 1000
}
