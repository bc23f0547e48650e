import HTTP
import Loop
import Store
import Works

/// The lists of works.
@LoopActor enum ListRoutes {
    private static let searchPath = WorkRoutes.collection + "/search"

    static func add(to router: inout Router<Endpoint>) {
        router.add(.get, WorkRoutes.collection, list)
        router.add(.get, searchPath, search)
    }

    /// Works whose name and description are exactly the given ones.
    @Sendable private static func list(_ call: Call) async throws(Failure) -> Response {
        let parameters = try call.parameters(common + ["order"], lists: lists)
        let filter = try filter(parameters) { .exactly($0) }
        let order = try order(parameters)
        let query = try query(call, parameters, WorkRoutes.collection, filter, order)
        let page = try await asking(await call.works.list(filter, in: order, from: query.start, limit: query.limit))
        return try query.answer(page) { work, json in work.write(to: &json) }
    }

    /// Works whose name and description contain the given texts.
    @Sendable private static func search(_ call: Call) async throws(Failure) -> Response {
        let parameters = try call.parameters(common, lists: lists)
        let filter = try filter(parameters) { .containing($0) }
        let order = try order(parameters)
        let query = try query(call, parameters, searchPath, filter, order)
        let page = try await asking(await call.works.search(filter, in: order, from: query.start, limit: query.limit))
        return try query.answer(page) { work, json in work.write(to: &json) }
    }

    private static let frequencyTexts = RunFrequency.allCases.map(\.rawValue)
    private static let common = ["limit", "offset", "cursor", "user_id", "name", "description", "deleted"]
    private static let lists = ["status", "run_frequency"]

    /// Reads which page is asked for, and ignores the body.
    private static func query(
        _ call: Call,
        _ parameters: Parameters,
        _ path: String,
        _ filter: Filter,
        _ order: ListOrder
    ) throws(Failure) -> ListQuery {
        let query = try ListQuery(
            parameters,
            call: call,
            path: path,
            filters: pairs(filter, order, parameters),
            isUnion: filter.isUnion,
            defaultLimit: defaultLimit
        )
        try call.passOverBody()
        return query
    }

    private static func filter(
        _ parameters: Parameters,
        text: (String) -> Filter.TextMatch
    ) throws(Failure) -> Filter {
        var filter = Filter()
        filter.userID = try parameters.text("user_id", upTo: WorkField.userID.lengthMax)
        filter.name = try parameters.text("name", upTo: WorkField.name.lengthMax).map(text)
        filter.description = try parameters.text("description", upTo: WorkField.description.lengthMax).map(text)
        filter.statuses = try parameters.statuses()
        filter.frequencies = try parameters.list(
            "run_frequency",
            accepted: frequencyTexts,
            RunFrequency.init(rawValue:)
        )
        return filter
    }

    private static func order(_ parameters: Parameters) throws(Failure) -> ListOrder {
        let isTrash: Bool
        switch parameters["deleted"] {
        case nil, "exclude": isTrash = false
        case "only": isTrash = true
        default: throw .parameterRefused("deleted", .not(.oneOf(["exclude", "only"])))
        }
        guard let text = parameters["order"] else { return isTrash ? .trash : .live(.standard) }
        guard let order = Order(rawValue: text) else {
            throw .parameterRefused("order", .not(.choice(of: Order.self)))
        }
        if isTrash { throw .parameterExcluded("order", by: "deleted=only") }
        return .live(order)
    }

    /// The filters and the order in their canonical form, so that a cursor is valid however a request spells them.
    private static func pairs(
        _ filter: Filter,
        _ order: ListOrder,
        _ parameters: Parameters
    ) -> [(String, String)] {
        [
            ("user_id", filter.userID ?? ""),
            ("name", parameters["name"] ?? ""),
            ("description", parameters["description"] ?? ""),
            ("status", filter.statuses.map { String($0.number) }.joined(separator: ",")),
            ("run_frequency", filter.frequencies.map(\.rawValue).joined(separator: ",")),
            ("deleted", order == .trash ? "only" : ""),
            ("order", orderText(order)),
        ]
    }

    private static func orderText(_ order: ListOrder) -> String {
        switch order {
        case .trash, .live(.standard): ""
        case .live(let order): order.rawValue
        }
    }

    private static let defaultLimit = 10
}
