import HTTP
import JSON
import Loop
import Store
import Works

/// A request that the router has matched to an endpoint.
///
/// A handler reads the parts in the order in which their faults are reported: ids, query, body.
@LoopActor struct Call {
    let service: Service
    let request: Request
    /// The values of the path's placeholders.
    let values: [String]

    var works: WorkStore { service.works }
    var runs: RunStore { service.runs }

    /// The id of the work, which is the first placeholder of every template that has one.
    func workID() throws(Failure) -> WorkID {
        guard let id = values.first.flatMap(WorkID.init) else { throw .idMalformed("work_id") }
        return id
    }

    /// The id of the task, which is the last placeholder of every template that has one.
    func runID() throws(Failure) -> RunID {
        guard let id = values.last.flatMap(RunID.init) else { throw .idMalformed("task_id") }
        return id
    }

    /// The parameters of the query; only these are accepted, and only `lists` more than once.
    func parameters(_ single: [String] = [], lists: [String] = []) throws(Failure) -> Parameters {
        try Parameters(request.query, single: single, lists: lists)
    }

    /// The members of the JSON object in the body.
    func body() throws(Failure) -> [JSONMember] {
        try requireAcceptableBody(upTo: Int.max)
        do throws(JSONError) {
            return try JSONReader.object(request.body, valuesMax: Self.bodyValuesMax)
        } catch {
            throw .bodyMalformed(error)
        }
    }

    /// Ignores the body, which means nothing to this method, but refuses one that is too large, or of a refused type or
    /// encoding.
    func passOverBody() throws(Failure) {
        if request.method == .get || request.method == .head {
            try requireAcceptableBody(upTo: Self.ignoredBodyBytesMax)
        } else {
            try requireAcceptableBody(upTo: Int.max)
        }
    }

    private func requireAcceptableBody(upTo byteCountMax: Int) throws(Failure) {
        if request.fault == .bodyTooLarge || request.body.count > byteCountMax { throw .bodyTooLarge }
        if request.body.isEmpty { return }
        if let type = request.fields.contentType, type.lowercased().hasPrefix("multipart/") { throw .mediaTypeRefused }
        if let encoding = request.fields.contentEncoding, !Self.isIdentity(encoding) { throw .contentEncodingRefused }
    }

    /// Whether a body with this `Content-Encoding` is sent as it is.
    private static func isIdentity(_ encoding: String) -> Bool {
        encoding.isEmpty || encoding.lowercased() == "identity"
    }

    /// The `Idempotency-Key`, 1 to 255 printable ASCII characters; nil if the client sent none.
    func idempotencyKeyText() throws(Failure) -> String? {
        guard let text = request.fields.idempotencyKey else { return nil }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .idempotencyKeyMalformed
        }
        return text
    }

    /// The key as the store compares it; nil if the client sent none.
    ///
    /// Its text is checked before the body is read, see ``idempotencyKeyText()``.
    func idempotencyKey(_ text: String?, path: String) throws(Failure) -> IdempotencyKey? {
        guard let text else { return nil }
        return try asking(service.store.idempotencyKey(text, path: path, body: request.body))
    }

    private static let ignoredBodyBytesMax = 64 << 10
    /// Many times what a work has; without a bound, a body of a mebibyte would take 24 once it is read.
    private static let bodyValuesMax = 4096
}
