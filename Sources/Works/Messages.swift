/// The texts of the failures: what a client reads in `msg`.
///
/// Every text says what was wrong and what is accepted, in whole sentences. Both languages stand side by side, so that
/// neither is changed without the other; only the one that is asked for is put together. Where a failure has no
/// particulars, the text of its code is all there is to say.
extension Failure {
    package func message(in language: Language) -> String {
        switch self {
        case .bodyMalformed(let complaint): complaint.message(in: language)
        case .requestMalformed(let complaint): complaint.message(in: language)
        case .fieldRefused(let name, let complaint): language.field(name) + complaint.predicate(in: language)
        case .fieldUnknown(let name, let accepted): language.field(name) + language.unknown(accepted)
        case .fieldReadOnly(let name): language.field(name) + language.readOnly
        case .parameterRefused(let name, let complaint): language.parameter(name) + complaint.predicate(in: language)
        case .parameterUnknown(let name, let accepted): language.parameter(name) + language.unknown(accepted)
        case .parameterRepeated(let name): language.parameter(name) + language.repeated
        case .queryMalformed: language.queryMalformed
        case .idMalformed(let name): language.idMalformed(name)
        case .noSuchWork(let id): language.noSuchWork(id)
        case .workDeleted(let id): language.workDeleted(id)
        case .noSuchRun(let id): language.noSuchRun(id)
        case .runIDTaken(let id): language.runIDTaken(id)
        case .runOver(let id): language.runOver(id)
        case .cursorInvalid, .bodyTooLarge, .targetTooLong, .mediaTypeRefused, .headersTooLarge, .requestTimedOut,
            .noRoute, .methodNotAllowed, .contention, .versionMismatch, .idempotencyKeyReused, .tooManyRequests,
            .internalError, .noWorker, .storageUnreachable, .storageFull, .draining, .overloaded, .storageSilent:
            code.message(in: language)
        }
    }
}

/// Names come from clients and may be anything; a long one is clipped.
extension Language {
    fileprivate func field(_ name: String) -> String {
        choose("The field '\(clipped(name))' ", "字段 '\(clipped(name))' ")
    }

    fileprivate func parameter(_ name: String) -> String {
        choose("The query parameter '\(clipped(name))' ", "查询参数 '\(clipped(name))' ")
    }

    fileprivate func unknown(_ accepted: [String]) -> String {
        let names = accepted.joined(separator: ", ")
        return choose(
            names.isEmpty ? "is unknown and not accepted here." : "is unknown; accepted are \(names).",
            names.isEmpty ? "未知，此处不接受。" : "未知；可接受的有 \(names)。"
        )
    }

    fileprivate var readOnly: String {
        choose(
            "is read-only; leave it out or, in an update, send the value that it has.",
            "为只读；请不要发送，或在更新时发送其当前值。"
        )
    }

    fileprivate var repeated: String {
        choose("is given more than once; it is accepted once.", "重复出现；只接受一次。")
    }

    fileprivate var queryMalformed: String {
        choose(
            "The query is malformed; it must be UTF-8, with two hexadecimal digits after every %.",
            "查询字符串格式错误；必须是 UTF-8 编码，且每个 % 之后有两位十六进制数字。"
        )
    }

    fileprivate func idMalformed(_ name: String) -> String {
        choose(
            "The '\(clipped(name))' in the path is malformed; it must be \(Expected.identifier.phrase(in: self)).",
            "路径中的 '\(clipped(name))' 格式错误；必须是\(Expected.identifier.phrase(in: self))。"
        )
    }

    fileprivate func noSuchWork(_ id: WorkID) -> String {
        choose("There is no work with the work_id '\(id)'.", "work_id 为 '\(id)' 的作业不存在。")
    }

    fileprivate func workDeleted(_ id: WorkID) -> String {
        choose(
            "The work with the work_id '\(id)' is deleted; POST /api/v1/works/\(id)/restore brings it back.",
            "work_id 为 '\(id)' 的作业已被删除；可通过 POST /api/v1/works/\(id)/restore 恢复。"
        )
    }

    fileprivate func noSuchRun(_ id: RunID) -> String {
        choose("This work has no task with the task_id '\(id)'.", "该作业没有 task_id 为 '\(id)' 的任务。")
    }

    fileprivate func runIDTaken(_ id: RunID) -> String {
        choose(
            "This work has a task with the task_id '\(id)' already; choose another, or leave task_id out to be given one.",
            "该作业已有 task_id 为 '\(id)' 的任务；请换用其他 task_id，或省略 task_id 由服务生成。"
        )
    }

    fileprivate func runOver(_ id: RunID) -> String {
        choose(
            "The task with the task_id '\(id)' is over; its 'ended_at' may be corrected but not cleared.",
            "task_id 为 '\(id)' 的任务已结束；其 'ended_at' 可以更正，但不能清空。"
        )
    }
}

private func clipped(_ name: String) -> String {
    let head = name.unicodeScalars.prefix(64)
    return head.endIndex == name.endIndex ? name : "\(Substring(head))…"
}
