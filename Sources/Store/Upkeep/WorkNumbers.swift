import Loop

/// Unique numbers for new works; unused ones leave a gap, which does no harm.
///
/// They are drawn ahead, so that a batch can be sent without waiting behind all commands in progress; but no more at
/// once than were drawn before, so that a small import leaves a small gap.
@LoopActor final class WorkNumbers {
    private let connection: StoreConnection
    /// Drawn but not used yet.
    private var available = 0..<0
    /// The next ones, which are being drawn.
    private var coming: Task<Result<Range<Int>, StoreError>, Never>?
    private var drawnCount = 0

    init(_ connection: StoreConnection) {
        self.connection = connection
    }

    /// The next `count` numbers, ascending; one call at a time.
    func next(_ count: Int) async throws(StoreError) -> [Int] {
        var numbers: [Int] = []
        while numbers.count < count {
            if available.isEmpty {
                let drawn = coming ?? draw(count - numbers.count)
                available = try await drawn.value.get()
                coming = draw(min(drawnCount, Self.drawnMax))
            }
            let some = available.prefix(count - numbers.count)
            numbers += some
            available = available.dropFirst(some.count)
        }
        return numbers
    }

    private func draw(_ count: Int) -> Task<Result<Range<Int>, StoreError>, Never> {
        drawnCount += count
        return Task(executorPreference: LoopActor.loop) { [connection] in
            do throws(StoreError) {
                return .success(try await connection.draw(count).numbers)
            } catch {
                return .failure(error)
            }
        }
    }

    private static let drawnMax = 1024
}
