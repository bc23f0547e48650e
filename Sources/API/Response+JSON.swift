import HTTP
import JSON
import Works

extension Response {
    private static let json = Field("Content-Type", "application/json")

    /// `{"code":0}`.
    static var success: Response {
        Response(status: 200, fields: [json], body: Array(#"{"code":0}"#.utf8))
    }

    /// `{"code":0,"data":…}` with what `write` puts there.
    static func success(capacity: Int = 768, _ write: (inout JSONWriter) -> Void) -> Response {
        var body = JSONWriter(capacity: capacity)
        body.literal(#"{"code":0,"data":"#)
        write(&body)
        body.literal("}")
        return Response(status: 200, fields: [json], body: body.bytes)
    }

    /// JSON that is there already.
    static func success(data: String) -> Response {
        success(capacity: data.utf8.count + 32) { $0.raw(data) }
    }

    /// The answer of the envelope's other kind; 503 tells when to try again.
    static func failure(_ failure: Failure, in language: Language) -> Response {
        var body = JSONWriter(capacity: 256)
        body.literal(#"{"code":"#)
        body.integer(failure.code.rawValue)
        body.literal(#","msg":"#)
        body.string(failure.message(in: language))
        body.literal("}")
        var response = Response(status: failure.code.status, fields: [json], body: body.bytes)
        if let seconds = failure.code.retryAfter { response.fields.append(Field("Retry-After", String(seconds))) }
        return response
    }

    mutating func tag(version: Int) {
        fields.append(Field("ETag", "\"\(version)\""))
    }

    mutating func allow(_ methods: [Method]?) {
        guard let methods else { return }
        fields.append(Field("Allow", methods.map(\.rawValue).joined(separator: ", ")))
    }
}
