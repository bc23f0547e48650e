import API
import Bytes
import HTTP
import JSON
import Works

enum LogFormat: String, CaseIterable {
    case json
    case text
    case off
}

/// Formats log lines.
struct LogLineWriter {
    private let format: LogFormat
    private let worker: String
    /// An event is no longer than this many characters; it may quote others.
    private static let eventMax = 2000

    init(_ format: LogFormat, worker: String) {
        self.format = format
        self.worker = worker
    }

    /// Writes the line of a request; `lostCount` lines were lost just before it.
    func write(_ entry: AccessEntry, at time: Timestamp, lostCount: Int, to line: inout JSONWriter) {
        switch format {
        case .json: writeJSON(entry, at: time, lostCount: lostCount, to: &line)
        case .text: writeText(entry, at: time, lostCount: lostCount, to: &line)
        case .off: break
        }
    }

    /// Writes a line about the worker itself.
    func write(event: String, at time: Timestamp, to line: inout JSONWriter) {
        switch format {
        case .json:
            beginJSON(at: time, &line)
            line.literal(#","note":"#)
            line.string(event)
            line.literal("}\n")
        case .text: line.raw("\(time.text) \(worker) \(event.printable(upTo: Self.eventMax))\n")
        case .off: break
        }
    }

    private func writeJSON(_ entry: AccessEntry, at time: Timestamp, lostCount: Int, to line: inout JSONWriter) {
        beginJSON(at: time, &line)
        line.literal(#","method":"#)
        line.string(entry.method.rawValue)
        line.literal(#","route":"#)
        line.string(entry.route)
        line.literal(#","status":"#)
        line.integer(entry.status)
        line.literal(#","code":"#)
        line.integer(entry.code)
        line.literal(#","us":"#)
        line.integer(entry.microseconds)
        line.literal(#","bytes":"#)
        line.integer(entry.bodyByteCount)
        line.literal(#","request_id":"#)
        line.string(entry.requestID)
        line.literal(#","client":"#)
        if let client = entry.client { line.string(client) } else { line.literal("null") }
        if lostCount > 0 {
            line.literal(#","lost_lines":"#)
            line.integer(lostCount)
        }
        line.literal("}\n")
    }

    private func beginJSON(at time: Timestamp, _ line: inout JSONWriter) {
        line.literal(#"{"time":"#)
        line.string(time.text)
        line.literal(#","worker":"#)
        line.string(worker)
    }

    private func writeText(_ entry: AccessEntry, at time: Timestamp, lostCount: Int, to line: inout JSONWriter) {
        line.raw(
            "\(time.text) \(worker) \(entry.method.rawValue) \(entry.route) \(entry.status) \(entry.code) "
                + "\(entry.microseconds)us \(entry.bodyByteCount)B \(entry.requestID) \(entry.client ?? "-")"
                + (lostCount > 0 ? " lost_lines=\(lostCount)\n" : "\n")
        )
    }
}
