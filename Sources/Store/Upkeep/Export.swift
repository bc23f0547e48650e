import JSON
public import Loop
import Redis
import Works

/// Exports all works, live or in the trash, in order of creation: each with its tasks as one line of an archive.
///
/// Memory is bounded: it holds the works of one hash of ids, and some lines, at a time. Each work is exported as it is
/// when read. Works that are created, changed or purged during the export may appear in either state, but a work never
/// appears with a part of its tasks.
@LoopActor public final class Export {
    private let connection: StoreConnection
    /// How many numbers must be looked up, known after the first call of ``next()``.
    public private(set) var numberCount = 0
    /// How many have been looked up.
    public private(set) var numbersDone = 0
    /// How many works have been exported.
    public private(set) var workCount = 0
    private var hasBegun = false
    /// Works that have been read but not written.
    private var works: ArraySlice<Work> = []

    public init(of connection: StoreConnection) {
        self.connection = connection
    }

    /// The next lines of the archive, perhaps none; nil at its end.
    public func next() async throws(StoreError) -> [UInt8]? {
        try await begin()
        while works.isEmpty {
            if numbersDone >= numberCount { return nil }
            works = try await works(from: numbersDone)[...]
            numbersDone = min(numbersDone + Keys.idsPerHash, numberCount)
        }
        let some = works.prefix(Self.worksAtOnceMax)
        works = works.dropFirst(some.count)
        return try await lines(of: some)
    }

    private func begin() async throws(StoreError) {
        guard !hasBegun else { return }
        let last = try await connection.send(Command.reading("GET", Keys.sequence)).integer ?? 0
        numberCount = 1 + min(max(last, 0), Keys.numberMax)
        hasBegun = true
    }

    /// The lines of those works that have not been purged meanwhile.
    private func lines(of works: some Sequence<Work>) async throws(StoreError) -> [UInt8] {
        var lines: [(id: WorkID, bytes: [UInt8])] = []
        for work in works { lines.append((work.id, try await line(of: work))) }
        // Only a purge removes tasks, and it removes the work first: if that is still there, its tasks were complete.
        let versions = try await connection.send(lines.map { .reading("HGET", Keys.work($0.id), "version") })
        var bytes: [UInt8] = []
        for (line, version) in zip(lines, versions) where !version.isNull {
            bytes += line.bytes
            workCount += 1
        }
        return bytes
    }

    private func line(of work: Work) async throws(StoreError) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        ArchivedWork.writeStart(of: work, to: &json)
        var start: PageStart? = .rank(0)
        while let here = start {
            let page = try await runs(of: work.id, from: here)
            for (index, run) in page.items.enumerated() {
                ArchivedWork.write(run, isFirst: index == 0 && here == .rank(0), to: &json)
            }
            start = page.next.map { .after($0) }
        }
        ArchivedWork.writeEnd(to: &json)
        return json.bytes
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

    private static let worksAtOnceMax = 16
    private static let runsAtOnceMax = 1000
}
