import HTTP
import Loop
import Redis
import Store
import StoreTestSupport
import TestSupport
import Testing

@testable import API

/// A service that is called without a socket.
///
/// Every answer is checked against the service's own OpenAPI document.
struct ServiceUnderTest: Sendable {
    let service: Service
    let connection: StoreConnection

    /// Sends a request with a JSON body, or none.
    func call(
        _ method: Method,
        _ target: String,
        _ body: Value? = nil,
        _ change: (inout Request) -> Void = { _ in }
    ) async throws -> Answer {
        var request = Request(method: method, target: target, body: body.map { Array($0.description.utf8) } ?? [])
        change(&request)
        return try await send(request)
    }

    /// Sends a request with this text as its body.
    func call(_ method: Method, _ target: String, text: String) async throws -> Answer {
        try await send(Request(method: method, target: target, body: Array(text.utf8)))
    }

    func send(_ request: Request) async throws -> Answer {
        let answer = Answer(await service.respond(to: request))
        for violation in try await Document.own.get().violations(of: answer, to: request) {
            Issue.record("not as documented: \(violation)\n\(request.method.rawValue) \(request.path)\n\(answer)")
        }
        return answer
    }

    /// Creates a work and returns it as answered.
    func create(_ changes: Value = [:]) async throws -> Value {
        let answer = try await call(.post, "/api/v1/works", someWork.with(changes))
        try #require(answer.code == 0, "\(answer)")
        return answer.data
    }

    /// Creates a task of a work and returns it as answered.
    func createTask(of work: Value, _ draft: Value = ["status": 1]) async throws -> Value {
        let answer = try await call(.post, path(of: work) + "/tasks", draft)
        try #require(answer.code == 0, "\(answer)")
        return answer.data
    }
}

/// Runs `body` with a service over a database of its own.
func withService(
    offsetUnit: ServiceSettings.OffsetUnit = .page,
    origins: [Origin] = [],
    _ body: (ServiceUnderTest) async throws -> Void
) async throws {
    let address = try TestRedis.newDatabase()
    try await TestRedis.install(address)
    try await withService(over: address, limits: TestRedis.patience, offsetUnit: offsetUnit, origins: origins) { api in
        try await until("the store is usable") { await api.connection.isUsable }
        try await body(api)
    }
}

/// Runs `body` with a service over a store that may be unfit, or absent.
func withService(
    over address: RedisAddress,
    limits: RedisLimits = RedisLimits(),
    offsetUnit: ServiceSettings.OffsetUnit = .page,
    origins: [Origin] = [],
    _ body: (ServiceUnderTest) async throws -> Void
) async throws {
    LoopThread.start()
    let connection = await StoreConnection(to: address, limits: limits)
    let settings = ServiceSettings(worker: "w1", version: "1.2.3", offsetUnit: offsetUnit, origins: origins)
    let service = await Service(store: connection, settings: settings)
    do {
        try await body(ServiceUnderTest(service: service, connection: connection))
    } catch {
        await connection.close()
        throw error
    }
    await connection.close()
}

/// A work with only the required fields.
let someWork: Value = [
    "user_id": "ann", "name": "count words", "description": "counts", "type": "BATCH", "category": "FLINK_SQL",
]

func path(of work: Value) -> String {
    "/api/v1/works/" + (work["work_id"].string ?? "?")
}

/// Checks that a request was refused with this code, in the envelope of failures.
func expectRefusal(_ code: Int, _ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(answer.code == code, "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.status == code / 1000, "\(answer)", sourceLocation: sourceLocation)
}

extension Answer {
    /// A response as it goes out: the body of a 304 is not sent, only its size.
    init(_ response: Response) {
        let headers = response.fields.map { Header(name: $0.name, value: $0.value) }
        self.init(status: response.status, headers: headers, body: response.status == 304 ? [] : response.body)
    }
}
