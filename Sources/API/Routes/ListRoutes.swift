import Folding
import HTTP
import Loop
import Store
import Works

/// The lists of works.
@LoopActor enum ListRoutes {
    private static let list = WorkRoutes.collection
    private static let search = WorkRoutes.collection + "/search"

    static func add(to router: inout Router<Endpoint>) {
        router.add(.get, list) { call throws(Failure) in
            try await answer(call, path: list, parameters: ordered, text: { .exactly($0) }) {
                works,
                filter,
                order,
                query throws(Failure) in
                try await works.list(filter, in: order, from: query.start, limit: query.limit)
            }
        }
        router.add(.get, search) { call throws(Failure) in
            try await answer(call, path: search, parameters: common, text: { .contains(FoldedText(folding: $0)) }) {
                works,
                filter,
                order,
                query throws(Failure) in
                try await works.search(filter, inTrash: order == .trash, from: query.start, limit: query.limit)
            }
        }
    }

    private static let frequencyTexts = RunFrequency.allCases.map(\.rawValue)
    private static let common = [
        "limit", "offset", "cursor", "user_id", "name", "description", "status", "run_frequency", "deleted",
    ]
    private static let ordered = common + ["order"]

    private static func answer(
        _ call: Call,
        path: String,
        parameters known: [String],
        text: (String) -> Filter.TextMatch,
        page: (WorkStore, Filter, ListOrder, ListQuery) async throws(Failure) -> Page<StoredWork>
    ) async throws(Failure) -> Response {
        let parameters = try call.parameters(known)
        let filter = try filter(parameters, text: text)
        let order = try order(parameters)
        let query = try ListQuery(
            parameters,
            call: call,
            path: path,
            filters: pairs(filter, order, parameters),
            isUnion: filter.isUnion,
            defaultLimit: defaultLimit
        )
        try call.passOverBody()
        let page = try await page(call.service.works, filter, order, query)
        return try query.answer(page) { work, json in work.write(to: &json) }
    }

    private static func filter(
        _ parameters: Parameters,
        text: (String) -> Filter.TextMatch
    ) throws(Failure) -> Filter {
        var filter = Filter()
        filter.userID = try parameters.text("user_id", upTo: Limits.userID.upperBound)
        filter.name = try parameters.text("name", upTo: Limits.name.upperBound).map(text)
        filter.description = try parameters.text("description", upTo: Limits.description.upperBound).map(text)
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
        default: throw .parameterRefused("deleted", .notOneOf(["exclude", "only"]))
        }
        guard let text = parameters["order"] else { return isTrash ? .trash : .live(.createdDescending) }
        guard let order = Order(rawValue: text) else {
            throw .parameterRefused("order", .notOneOf(["created_at", "-created_at", "updated_at", "-updated_at"]))
        }
        if isTrash { throw .parameterRefused("order", .excludes("deleted=only")) }
        return .live(order)
    }

    /// The filters and the order in their one canonical form, so that a cursor knows them again however they are written.
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
        case .trash, .live(.createdDescending): ""
        case .live(let order): order.rawValue
        }
    }

    private static let defaultLimit = 10
}
