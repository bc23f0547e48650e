import Loop
import Store
import Wording
import Works

/// Reads works from standard input, in batches that can each be written by one commit.
@LoopActor final class ArchiveBatches {
    private var lines = Lines()
    private let refusals: Refusals
    private let progress: Progress
    private let totalByteCount = Lines.totalByteCount
    /// The first item of the next batch, if it has been read already.
    private var held: Import.Item?

    /// - Parameters:
    ///   - refusals: receives each line that cannot be imported.
    ///   - progress: shows how much has been read.
    init(refusals: Refusals, progress: Progress) {
        self.refusals = refusals
        self.progress = progress
    }

    /// The next batch; nil at the end of the input.
    func next() throws -> [Import.Item]? {
        var batch: [Import.Item] = []
        var ids: Set<WorkID> = []
        var byteCount = 0
        while batch.count < Self.worksMax, byteCount <= Self.bytesMax, let item = try nextItem() {
            // A batch must not contain a work twice: the second must be compared with the first as stored.
            guard ids.insert(item.workID).inserted else {
                held = item
                break
            }
            batch.append(item)
            byteCount += item.byteCount
        }
        return batch.isEmpty ? nil : batch
    }

    /// The next line that is a work.
    private func nextItem() throws -> Import.Item? {
        if let item = held {
            held = nil
            return item
        }
        while let line = try lines.next() {
            if lines.lineNumber % 1000 == 0 { progress.show(lines.byteCount, of: totalByteCount) }
            switch line {
            case .tooLong: refusals.add(lines.lineNumber, "is longer than \(Lines.bytesMax >> 20) MiB")
            case .text(let text): if let item = item(text) { return item }
            }
        }
        return nil
    }

    /// Nil if the line is blank or refused.
    private func item(_ text: [UInt8]) -> Import.Item? {
        let blanks = " \t\r".utf8
        if text.allSatisfy(blanks.contains) { return nil }
        do throws(ArchiveError) {
            return Import.Item(line: lines.lineNumber, byteCount: text.count, try ArchivedWork(line: text))
        } catch {
            refusals.add(lines.lineNumber, error.message)
            return nil
        }
    }

    /// A commit of this many works, or bytes of works, keeps Redis busy for some milliseconds.
    private static let worksMax = 16
    private static let bytesMax = 32 << 10
}

extension ArchiveError {
    /// Why a line is refused, for the operator.
    fileprivate var message: String {
        switch self {
        case .notReadable(let error): error.message(in: .english)
        case .refused(let refusal): refusal.message(in: .english)
        }
    }
}
