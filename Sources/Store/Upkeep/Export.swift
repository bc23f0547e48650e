import JSON
package import Loop
import Redis
import Works

/// All works in the order of their creation, live and in the trash, each with its tasks as a line of an archive.
///
/// Memory is bounded: some works, or a page of tasks, at a time. Each work is as it was when it was read; works that are
/// created, changed or purged meanwhile may be in the archive or not, as before or after.
@LoopActor package final class Export {
    private let connection: StoreConnection
    /// The numbers to look at, and how many have been.
    package private(set) var numberCount = 0
    package private(set) var doneCount = 0
    package private(set) var workCount = 0
    private var hasBegun = false
    /// Works that have been read and not written, the next one last.
    private var works: [Work] = []
    /// The work that is being written, and where its next tasks are.
    private var current: (work: Work, next: PageStart)?

    package init(of connection: StoreConnection) {
        self.connection = connection
    }

    /// The next bytes of the archive; nil at its end.
    package func next() async throws(StoreError) -> [UInt8]? {
        if !hasBegun {
            numberCount = 1 + (try await connection.send(Command.reading("GET", Keys.sequence)).integer ?? 0)
            hasBegun = true
        }
        var json = JSONWriter(capacity: 4096)
        if let (work, start) = current {
            try await write(work, from: start, to: &json)
            return json.bytes
        }
        while works.isEmpty {
            if doneCount >= numberCount { return nil }
            works = try await works(from: doneCount).reversed()
            doneCount = min(doneCount + Keys.idsPerHash, numberCount)
        }
        let work = works.removeLast()
        workCount += 1
        ArchivedWork.writeStart(of: work, to: &json)
        try await write(work, from: .rank(0), to: &json)
        return json.bytes
    }

    /// Writes a page of tasks, and the end of the line after the last one.
    private func write(_ work: Work, from start: PageStart, to json: inout JSONWriter) async throws(StoreError) {
        let page = try await runs(of: work.id, from: start)
        for (index, run) in page.items.enumerated() {
            ArchivedWork.write(run, isFirst: index == 0 && start == .rank(0), to: &json)
        }
        current = page.next.map { (work, .after($0)) }
        if current == nil { ArchivedWork.writeEnd(to: &json) }
    }

    /// The works with the numbers of one hash, in their order.
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
