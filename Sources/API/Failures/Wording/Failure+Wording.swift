import Wording
import Works

/// The messages of the failures: what a client reads in `msg`.
///
/// A failure without particulars has the message of its code.
extension Failure {
    func message(in language: Language) -> String {
        switch self {
        case .requestMalformed(let fault): fault.message(in: language)
        case .mediaTypeRefused: language.multipartRefused
        case .contentEncodingRefused: language.contentEncodingRefused
        case .idempotencyKeyMalformed: language.idempotencyKeyMalformed
        case .idMalformed(let name): language.idMalformed(name)
        case .queryMalformed: language.queryMalformed
        case .parameterUnknown(let name, let accepted): language.parameter(name) + language.unknown(accepted)
        case .parameterRepeated(let name): language.parameter(name) + language.repeated
        case .parameterRefused(let name, let reason): language.parameter(name) + reason.predicate(in: language)
        case .parameterExcluded(let name, let other): language.parameter(name) + language.excluded(by: other)
        case .offsetTooDeep(let max): language.parameter("offset") + language.tooDeep(itemsMax: max)
        case .pageTooLarge(let max): language.parameter("limit") + language.tooLarge(mebibytesMax: max)
        case .bodyMalformed(let error): error.message(in: language)
        case .refused(let refusal): refusal.message(in: language)
        case .noSuchWork(let id): language.noSuchWork(id)
        case .workDeleted(let id): language.workDeleted(id)
        case .noSuchRun(let id): language.noSuchRun(id)
        case .runIDTaken(let id): language.runIDTaken(id)
        case .targetTooLong, .headersTooLarge, .bodyTooLarge, .requestTimedOut, .originRefused,
            .noRoute, .methodNotAllowed, .cursorInvalid, .versionMismatch, .contention, .idempotencyKeyReused,
            .internalError, .storageUnreachable, .storageFull, .storageSilent, .draining, .overloaded:
            code.message(in: language)
        }
    }
}

/// Messages about parameters.
extension Language {
    fileprivate func parameter(_ name: String) -> String {
        choose("The query parameter '\(Self.clipped(name))' ", "查询参数 '\(Self.clipped(name))' ")
    }

    fileprivate var queryMalformed: String {
        choose(
            "The query is malformed; it must be UTF-8, with two hexadecimal digits after every %.",
            "查询字符串格式错误；必须是 UTF-8 编码，且每个 % 之后有两位十六进制数字。"
        )
    }

    fileprivate var repeated: String {
        choose("is given more than once; send it once.", "重复出现；只接受一次。")
    }

    fileprivate func excluded(by other: String) -> String {
        choose("cannot be combined with '\(other)'; send only one of them.", "不能与 '\(other)' 同时使用；请只发送其一。")
    }

    fileprivate func tooDeep(itemsMax: Int) -> String {
        choose(
            "is too deep: with several values for one filter, a page must end within \(itemsMax) items; use 'cursor'.",
            "超出范围：同一过滤条件有多个值时最多到达前 \(itemsMax) 项；请改用 'cursor' 继续。"
        )
    }

    fileprivate func tooLarge(mebibytesMax: Int) -> String {
        choose(
            "asks for more than \(mebibytesMax) MiB, the limit for one answer; ask for fewer items.",
            "所请求的内容超过一次响应的上限 \(mebibytesMax) MiB；请减少条数。"
        )
    }
}

/// Messages about headers and ids.
extension Language {
    fileprivate var multipartRefused: String {
        choose(
            "A multipart body is not accepted; send a JSON object as application/json.",
            "不接受 multipart/* 类型的请求体；请以 application/json 发送 JSON 对象。"
        )
    }

    fileprivate var contentEncodingRefused: String {
        choose(
            "The header 'Content-Encoding' is refused; send the body uncompressed, without it or with 'identity'.",
            "请求头 'Content-Encoding' 的值不被接受；请发送未压缩的请求体，并省略该请求头或使用 'identity'。"
        )
    }

    fileprivate var idempotencyKeyMalformed: String {
        choose(
            "The header 'Idempotency-Key' is malformed; send 1 to 255 printable ASCII characters.",
            "请求头 'Idempotency-Key' 格式错误；必须是 1 至 255 个可打印的 ASCII 字符。"
        )
    }

    fileprivate func idMalformed(_ name: String) -> String {
        choose(
            "The '\(Self.clipped(name))' in the path is malformed; it must be \(Expected.identifier.phrase(in: self)).",
            "路径中的 '\(Self.clipped(name))' 格式错误；必须是\(Expected.identifier.phrase(in: self))。"
        )
    }

    fileprivate func noSuchWork(_ id: WorkID) -> String {
        choose("There is no work with the work_id '\(id)'.", "work_id 为 '\(id)' 的作业不存在。")
    }

    fileprivate func workDeleted(_ id: WorkID) -> String {
        choose(
            "The work '\(id)' is deleted; restore it with POST /api/v1/works/\(id)/restore.",
            "work_id 为 '\(id)' 的作业已被删除；可通过 POST /api/v1/works/\(id)/restore 恢复。"
        )
    }

    fileprivate func noSuchRun(_ id: RunID) -> String {
        choose("This work has no task with the task_id '\(id)'.", "该作业没有 task_id 为 '\(id)' 的任务。")
    }

    fileprivate func runIDTaken(_ id: RunID) -> String {
        choose(
            "This work already has a task with the task_id '\(id)'; send another one, or none to have one assigned.",
            "该作业已有 task_id 为 '\(id)' 的任务；请换用其他 task_id，或省略 task_id 由服务生成。"
        )
    }
}
