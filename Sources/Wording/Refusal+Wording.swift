public import Works

/// The message for a refusal.
///
/// Each message is a complete sentence that says what is wrong and what is accepted. Both languages are written side by
/// side, so that neither is changed without the other; only the requested one is composed.
extension Refusal {
    public func message(in language: Language) -> String {
        switch self {
        case .field(let name, let reason): language.field(name) + reason.predicate(in: language)
        case .unknownField(let name, let accepted): language.field(name) + language.unknown(accepted)
        case .readOnlyField(let name): language.field(name) + language.readOnly
        case .runOver(let id): language.runOver(id)
        }
    }
}

extension Language {
    fileprivate func field(_ name: String) -> String {
        choose("The field '\(Self.clipped(name))' ", "字段 '\(Self.clipped(name))' ")
    }

    /// The predicate for an unknown name, with the names that are accepted.
    public func unknown(_ accepted: [String]) -> String {
        let names = accepted.joined(separator: ", ")
        return choose(
            names.isEmpty ? "is unknown; none is accepted here." : "is unknown; accepted names: \(names).",
            names.isEmpty ? "未知，此处不接受。" : "未知；可接受的有 \(names)。"
        )
    }

    fileprivate var readOnly: String {
        choose(
            "is read-only; leave it out or, in an update, send its current value.",
            "为只读；请不要发送，或在更新时发送其当前值。"
        )
    }

    fileprivate func runOver(_ id: RunID) -> String {
        choose(
            "The task '\(id)' is over; its 'ended_at' can be corrected but not cleared.",
            "task_id 为 '\(id)' 的任务已结束；其 'ended_at' 可以更正，但不能清空。"
        )
    }

    /// A name as messages quote it: clipped to 64 Unicode scalars, because it comes from the client.
    public static func clipped(_ name: String) -> String {
        let head = name.unicodeScalars.prefix(64)
        return head.endIndex == name.endIndex ? name : "\(Substring(head))…"
    }
}
