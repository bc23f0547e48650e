import JSON
import Redis
public import Secrets
import Works

/// A request to create something that may be repeated: the same key on the same path with the same body has one effect.
public struct IdempotencyKey: Sendable, Equatable {
    let recordKey: String
    let bodyFingerprint: String

    /// - Parameters:
    ///   - text: what the client sent.
    ///   - path: the path it was sent to; keys of different paths are independent.
    ///   - body: the body's bytes, by which two requests are compared.
    ///   - secret: the store's, so that a body with the fingerprint of another cannot be forged.
    public init(_ text: String, path: String, body: [UInt8], secret: SecretKey) {
        recordKey = Keys.idempotency(secret.tag(of: Array("key \(path) \(text)".utf8)).hex)
        bodyFingerprint = secret.tag(of: Array("body ".utf8) + body).hex
    }
}

/// What a create request has created.
public struct Creation: Sendable, Equatable {
    public let id: String
    public let version: Int
    /// The object in JSON, as clients get it.
    public let json: [UInt8]
    /// Whether an earlier request with the same idempotency key created it; then this is that request's result.
    public var isReplayed = false
}

extension Creation {
    /// What has just been created; `write` writes the object.
    init(id: String, version: Int, _ write: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        write(&json)
        self.init(id: id, version: version, json: json.bytes)
    }
}

/// The record of a request with an idempotency key, written by the same commit as what the request creates.
enum IdempotencyRecord {
    private static let life = Duration.seconds(24 * 3600)
    private static let fieldNames = ["body", "id", "version", "data"]

    static func read(_ key: IdempotencyKey) -> Command {
        var command = Command.reading("HMGET", key.recordKey)
        for name in fieldNames { command.append(name) }
        return command
    }

    /// The first result; nil if this is the first request with its key.
    static func creation(in values: Reply, for key: IdempotencyKey) throws(StoreError) -> Creation? {
        guard values.count == fieldNames.count, !values[0].isNull else { return nil }
        guard values[0].string == key.bodyFingerprint else { throw .keyReused }
        guard let id = values[1].string, let version = values[2].integer, let json = values[3].string else {
            throw .damaged
        }
        return Creation(id: id, version: version, json: Array(json.utf8), isReplayed: true)
    }

    /// Removes the record of a purged work or task, unless its key has been used for another one since.
    static func remove(_ recordKey: String?, of id: String, from commit: inout Commit) {
        if let recordKey { commit.remove(recordKey, ifIts: "id", is: id) }
    }

    static func add(_ creation: Creation, under key: IdempotencyKey, to commit: inout Commit) {
        commit.requireAbsent(key.recordKey)
        commit.set(
            [
                Field("body", key.bodyFingerprint),
                Field("id", creation.id),
                Field("version", String(creation.version)),
                Field("data", String(decoding: creation.json, as: UTF8.self)),
            ],
            of: key.recordKey
        )
        commit.expire(key.recordKey, after: life)
    }
}
