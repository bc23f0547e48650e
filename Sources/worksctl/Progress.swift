import Glibc
import Program

/// A line on the terminal that shows a command's progress; not shown unless standard error is a terminal.
final class Progress {
    private let title: String
    private let unit: String
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var shown: ContinuousClock.Instant?

    init(_ title: String, unit: String) {
        self.title = title
        self.unit = unit
        let terminal = getenv("TERM").map { String(cString: $0) }
        isShown = isatty(STDERR_FILENO) == 1 && terminal != nil && terminal != "dumb"
    }

    /// Redraws the line, at most a few times a second; without a total it has no bar.
    func show(_ done: Int, of total: Int?) {
        let now = ContinuousClock.now
        guard isShown, shown.map({ $0 + .milliseconds(200) <= now }) ?? true else { return }
        shown = now
        let seconds = max(Double((now - start).components.seconds), 0.2)
        let rate = Int(Double(done) / seconds)
        guard let total else { return put("\r\(title) \(done) \(unit), \(rate)/s\u{1B}[K") }
        let percent = total > 0 ? min(100, done * 100 / total) : 100
        let filled = percent / 5
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
        put("\r\(title) [\(bar)] \(percent)% \(done)/\(total) \(unit), \(rate)/s\u{1B}[K")
    }

    /// Removes the line, if it is shown.
    func clear() {
        guard shown != nil else { return }
        put("\r\u{1B}[K")
        shown = nil
    }

    private func put(_ text: String) {
        Output.error.tell(text)
    }
}
