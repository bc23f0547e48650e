import Wording

/// The message of each code.
extension FailureCode {
    /// What the code means in general; the whole message of a failure without particulars.
    func message(in language: Language) -> String {
        let (english, chinese) = text
        return language.choose(english, chinese)
    }

    private var text: (english: String, chinese: String) {
        switch self {
        case .bodyMalformed:
            ("The body must be a JSON object in UTF-8.", "请求体必须是 UTF-8 编码的 JSON 对象。")
        case .fieldRefused:
            ("A field is missing, or its value is not acceptable.", "缺少字段，或字段的值不被接受。")
        case .fieldNotSettable:
            ("A field is unknown or read-only.", "字段未知或为只读。")
        case .parameterRefused:
            ("A query parameter is unknown, repeated or not acceptable.", "查询参数未知、重复或不被接受。")
        case .idMalformed:
            ("An id in the path is malformed.", "路径中的 ID 格式错误。")
        case .requestMalformed:
            ("The request is not well-formed HTTP.", "请求不是格式正确的 HTTP。")
        case .cursorInvalid:
            (
                "The 'cursor' is not valid here; use one from a 'Link' of this list, with the same filters and order.",
                "'cursor' 在此无效；请原样取自同一列表（过滤条件和排序相同）返回的 'Link'。"
            )
        case .originRefused:
            (
                "A page of another site sent this request; nothing was changed. "
                    + "WORKS_ORIGINS names the pages that may.",
                "该请求由其他网站的页面发出，未作任何修改；WORKS_ORIGINS 列出允许的网站。"
            )
        case .hostRefused:
            (
                "This host name is not served here; WORKS_HOSTS names those that are.",
                "此处不提供该主机名的服务；WORKS_HOSTS 列出所提供的主机名。"
            )
        case .noRoute:
            (
                "There is nothing at this path; /openapi.json lists all paths.",
                "该路径不存在；可用路径见 /openapi.json。"
            )
        case .noSuchWork:
            ("There is no such work.", "作业不存在。")
        case .workDeleted:
            ("The work is deleted; it can be restored.", "作业已被删除；可以恢复。")
        case .noSuchRun:
            ("The work has no such task.", "该作业没有这个任务。")
        case .methodNotAllowed:
            (
                "This method is not allowed here; the header 'Allow' lists those that are.",
                "此处不允许该请求方法；允许的方法见响应头 'Allow'。"
            )
        case .requestTimedOut:
            (
                "The request did not arrive in time; it must be complete within 60 seconds.",
                "请求未能及时到达；必须在 60 秒内完整到达。"
            )
        case .runIDTaken:
            ("This work already has a task with this task_id.", "该作业中已有相同的 task_id。")
        case .runOver:
            ("The task is over; its 'ended_at' cannot be cleared.", "任务已结束；其 'ended_at' 不能清空。")
        case .contention:
            (
                "Too many concurrent changes to this work; nothing was changed, try again.",
                "同时修改该作业的请求过多，本次修改未执行；请重试。"
            )
        case .versionMismatch:
            (
                "The version in 'If-Match' is not the current one; read the object again and send its 'ETag'.",
                "'If-Match' 中的版本不是当前版本；请重新读取对象，并发送其 'ETag'。"
            )
        case .bodyTooLarge:
            (
                "The body is too large; send at most 1 MiB, or 64 KiB with a GET.",
                "请求体过大；最多接受 1 MiB，GET 请求最多 64 KiB。"
            )
        case .targetTooLong:
            ("The URI is too long; send at most 8 KiB.", "URI 过长；最多接受 8 KiB。")
        case .mediaTypeRefused:
            (
                "This type or encoding is not accepted; send a JSON object as application/json, uncompressed.",
                "请求体的类型或编码不被接受；请以 application/json 发送未压缩的 JSON 对象。"
            )
        case .idempotencyKeyReused:
            (
                "This 'Idempotency-Key' was used with another body in the last 24 hours; use a new one.",
                "该 'Idempotency-Key' 在过去 24 小时内已用于不同的请求体；请使用新的键。"
            )
        case .tooManyRequests:
            (
                "This client sends too many requests; slow down and try again later.",
                "该客户端的请求过多；请降低频率，稍后重试。"
            )
        case .headersTooLarge:
            ("The headers are too large; send at most 100 fields of together 32 KiB.", "请求头过大；最多接受 100 个字段，共 32 KiB。")
        case .internalError:
            (
                "Internal error; find it in the log by the 'X-Request-Id'.",
                "服务内部错误；可凭 'X-Request-Id' 在日志中查找。"
            )
        case .noWorker:
            ("No worker could be reached; try again later.", "无法连接任何工作进程；请稍后重试。")
        case .storageUnreachable:
            ("The storage cannot be reached; nothing was changed, try again later.", "存储不可用，未作任何修改；请稍后重试。")
        case .storageFull:
            ("The storage is full; nothing was changed, reading still works.", "存储已满，未作任何修改；读取仍可使用。")
        case .draining:
            ("This worker is about to stop; nothing was changed, try again.", "该工作进程即将停止，未作任何修改；请重试。")
        case .overloaded:
            ("The service is overloaded; nothing was changed, try again later.", "服务过载，未作任何修改；请稍后重试。")
        case .storageSilent:
            (
                "The storage did not answer in time; a write may have happened, so read before you try again.",
                "存储未能及时响应；写入可能已经发生，请先读取再重试。"
            )
        }
    }
}
