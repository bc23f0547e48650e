import TestSupport
import Testing

/// Clients that use the service while a test does something to it, and check that it keeps its promises.
///
/// Each client has a user and works of its own, so it knows what the service must hold. A success is a promise; so is a
/// refusal that says that nothing was done. Only a lost connection, a 502 or a 504 leaves both states possible, until
/// the next success. Creates carry an idempotency key and are repeated until one succeeds, as the contract allows.
struct Load: Sendable {
    /// What a client accepts besides success.
    enum Tolerance: Sendable {
        /// Nothing: every request must succeed.
        case nothing
        /// Lost connections, and refusals because a part is down: 502, 503, 504.
        case outages
    }

    let address: SocketAddress
    let clients: Int
    let tolerance: Tolerance
    private let steps = Protected(0)

    init(address: SocketAddress, clients: Int, tolerance: Tolerance) {
        self.address = address
        self.clients = clients
        self.tolerance = tolerance
    }

    /// Waits, while the clients run, until they have sent that many more requests.
    func waitForRequests(_ count: Int) throws {
        let start = steps.value
        try eventually("the clients have sent \(count) more requests") { steps.value >= start + count }
    }

    /// Runs the clients while `body` runs, and returns them with what they know.
    func run(during body: () async throws -> Void) async throws -> [LoadClient] {
        let isOver = Protected(false)
        return try await withThrowingTaskGroup(of: LoadClient.self) { group in
            defer { isOver.withLock { $0 = true } }
            for number in 0..<clients {
                group.addTask {
                    var loader = LoadClient(Client(address), tolerance, seed: UInt64(number))
                    while !isOver.value {
                        loader.step()
                        steps.withLock { $0 += 1 }
                    }
                    return loader
                }
            }
            try await body()
            isOver.withLock { $0 = true }
            var finished: [LoadClient] = []
            for try await loader in group { finished.append(loader) }
            return finished
        }
    }
}

/// One client of a load: what it was promised, and what went wrong.
struct LoadClient: Sendable {
    /// A state that a work may be in.
    struct State: Hashable, Sendable {
        var name: String
        var isDeleted: Bool
    }

    let user = unique()
    private(set) var requests = 0
    private(set) var outages = 0
    private(set) var faults: [String] = []
    private var works: [String: Set<State>] = [:]
    private var pendingCreate: (name: String, body: Value)?
    private let client: Client
    private let tolerance: Load.Tolerance
    private var random: SeededRandom

    init(_ client: Client, _ tolerance: Load.Tolerance, seed: UInt64) {
        self.client = client
        self.tolerance = tolerance
        random = SeededRandom(seed)
    }

    /// Sends one random request.
    mutating func step() {
        guard pendingCreate == nil, let id = works.keys.sorted().randomElement(using: &random) else { return create() }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2: create()
        case 2..<7: patch(id)
        case 7: delete(id)
        case 8: restore(id)
        default: read(id)
        }
    }

    private mutating func create() {
        let pending =
            pendingCreate
            ?? {
                let name = unique()
                return (name, draft(["user_id": .string(user), "name": .string(name)]))
            }()
        pendingCreate = pending
        let key = ["Idempotency-Key": pending.name]
        guard let answer = call("POST", "/api/v1/works", pending.body, headers: key) else { return }
        guard answer.status == 200, let id = answer.data["work_id"].string else { return note(answer) }
        works[id] = [State(name: pending.name, isDeleted: false)]
        pendingCreate = nil
    }

    private mutating func patch(_ id: String) {
        let new = State(name: unique(), isDeleted: false)
        let before = works[id] ?? []
        works[id] = before.union([new])
        guard let answer = call("PATCH", "/api/v1/works/\(id)", ["name": .string(new.name)]) else { return }
        settle(id, answer, before, then: [new], else: before)
    }

    private mutating func delete(_ id: String) {
        let before = works[id] ?? []
        let after = Set(before.map { State(name: $0.name, isDeleted: true) })
        works[id] = before.union(after)
        guard let answer = call("DELETE", "/api/v1/works/\(id)") else { return }
        if answer.status == 200 { works[id] = after } else { settle(id, answer, before, then: after, else: before) }
    }

    private mutating func restore(_ id: String) {
        let before = works[id] ?? []
        let after = Set(before.map { State(name: $0.name, isDeleted: false) })
        works[id] = before.union(after)
        guard let answer = call("POST", "/api/v1/works/\(id)/restore") else { return }
        let seen = after.filter { .string($0.name) == answer.data["name"] }
        if answer.status == 200 && seen.isEmpty { note(answer) }
        works[id] = answer.status == 200 ? seen : isUndone(answer) ? before : works[id]
        if answer.status != 200 && !isUndone(answer) { note(answer) }
    }

    private mutating func read(_ id: String) {
        guard let answer = call("GET", "/api/v1/works/\(id)"), !isUndone(answer) else { return }
        let states = works[id] ?? []
        let fits = states.contains { state in
            if state.isDeleted { return answer.code == 404_102 }
            return answer.status == 200 && answer.data["name"] == .string(state.name)
        }
        if !fits { note(answer) }
    }

    /// Records what the answer to a write on a live work promises.
    private mutating func settle(
        _ id: String,
        _ answer: Answer,
        _ before: Set<State>,
        then: Set<State>,
        else: Set<State>
    ) {
        let deleted = before.filter(\.isDeleted)
        if answer.status == 200 && deleted.count < before.count {
            works[id] = then
        } else if answer.code == 404_102 && !deleted.isEmpty {
            works[id] = deleted
        } else if isUndone(answer) {
            works[id] = `else`
        } else {
            note(answer)
        }
    }

    /// Sends a request; nil if it is unknown whether it was carried out.
    private mutating func call(_ method: String, _ path: String, _ body: Value? = nil, headers: [String: String] = [:])
        -> Answer?
    {
        requests += 1
        do {
            let answer = try client.call(method, path, body, headers: headers)
            guard answer.status == 502 || answer.status == 504 else { return answer }
            outage("\(method) \(path): \(answer)")
        } catch {
            outage("\(method) \(path): \(error)")
        }
        return nil
    }

    /// Whether the answer says that the service is unavailable and has done nothing.
    private mutating func isUndone(_ answer: Answer) -> Bool {
        guard answer.status == 503 else { return false }
        outage("\(answer)")
        return true
    }

    private mutating func outage(_ what: String) {
        outages += 1
        if tolerance == .nothing && faults.count < 5 { faults.append(what) }
        pause(.milliseconds(5))
    }

    private mutating func note(_ answer: Answer) {
        if answer.status == 503 && tolerance == .outages { return }
        if faults.count < 5 { faults.append("\(answer)\nbut it knew \(works)") }
    }

    /// Expects that the service holds exactly what this client was promised.
    func expectKept(by client: Client, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(faults == [], sourceLocation: sourceLocation)
        var live: Set<String> = []
        var trash: Set<String> = []
        for (id, states) in works {
            let data = try client.work("/api/v1/works/\(id)?include_deleted=true", sourceLocation: sourceLocation).data
            let state = State(name: data["name"].string ?? "", isDeleted: data["deleted_at"] != .null)
            #expect(states.contains(state), "\(id) is \(state)", sourceLocation: sourceLocation)
            if state.isDeleted { trash.insert(id) } else { live.insert(id) }
        }
        for (filter, expected) in [("", live), ("&deleted=only", trash)] {
            var next: String? = "/api/v1/works?limit=1000&user_id=\(user)\(filter)"
            var items: [Value] = []
            var total = 0
            while let target = next {
                let page = try client.page(target, sourceLocation: sourceLocation)
                items += page.items
                total = page.total
                next = page.next
            }
            #expect(total == items.count, sourceLocation: sourceLocation)
            let listed = items.filter { $0["name"] != pendingCreate.map { .string($0.name) } }
            #expect(Set(listed.compactMap { $0["work_id"].string }) == expected, sourceLocation: sourceLocation)
            #expect(Set(items.compactMap { $0["work_id"].string }).count == items.count, sourceLocation: sourceLocation)
        }
    }
}
