import HTTP
import JSON
import Store
import Wording
import Works

extension Response {
    private static let json = Field("Content-Type", "application/json")

    /// `{"code":0}`.
    static var success: Response {
        Response(status: 200, fields: [json], body: Array(#"{"code":0}"#.utf8))
    }

    /// `{"code":0,"data":…}` with the data that `write` writes.
    static func success(capacity: Int = 768, _ write: (inout JSONWriter) -> Void) -> Response {
        var body = JSONWriter(capacity: capacity)
        body.literal(#"{"code":0,"data":"#)
        write(&body)
        body.literal("}")
        return Response(status: 200, fields: [json], body: body.bytes)
    }

    /// `{"code":N,"msg":"…"}`, with `Retry-After` where waiting helps.
    static func failure(_ failure: Failure, in language: Language) -> Response {
        var body = JSONWriter(capacity: 256)
        body.literal(#"{"code":"#)
        body.integer(failure.code.rawValue)
        body.literal(#","msg":"#)
        body.string(failure.message(in: language))
        body.literal("}")
        var response = Response(status: failure.code.status, fields: [json], body: body.bytes)
        if let seconds = failure.code.retryAfter { response.fields.append(Field("Retry-After", String(seconds))) }
        if case .methodNotAllowed(let allowed) = failure { response.allow(allowed) }
        return response
    }

    mutating func tag(version: Int) {
        fields.append(Field("ETag", "\"\(version)\""))
    }

    mutating func allow(_ methods: [Method]) {
        fields.append(Field("Allow", methods.map(\.rawValue).joined(separator: ", ")))
    }

    /// The answer to a GET of one object: 304 if the client already has this version.
    ///
    /// The 304 has a body, too: it is not sent, but yields the `Content-Length` that a 200 would have.
    static func object(version: Int, unless request: Request, _ write: (inout JSONWriter) -> Void) -> Response {
        let known = EntityTags.weak(request.fields.ifNoneMatch)
        var response = Response.success(write)
        if known?.holds(for: version) == true { response = Response(status: 304, body: response.body) }
        response.tag(version: version)
        return response
    }

    /// The answer to a request that has created something in a collection, now or when it was first sent.
    static func created(_ creation: Creation, in collection: String) -> Response {
        var response = success(capacity: creation.json.count + 32) { $0.raw(creation.json.span) }
        response.fields.append(Field("Location", collection + "/" + creation.id))
        response.tag(version: creation.version)
        if creation.isReplayed { response.fields.append(Field("Idempotency-Replayed", "true")) }
        return response
    }
}
