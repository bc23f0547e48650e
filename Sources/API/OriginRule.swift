import HTTP

/// Which pages may send requests that change something: those of the service itself, and those of listed origins.
///
/// Without it, any page that a user of the intranet opens could create works in the user's name. A browser tells where
/// a request comes from: with `Origin` for every method but GET and HEAD
/// (https://fetch.spec.whatwg.org/#origin-header), and with `Sec-Fetch-Site` if it trusts the connection, which
/// excludes `http://` with a host name (https://www.w3.org/TR/fetch-metadata/). A client that sends neither is not a
/// browser.
struct OriginRule: Sendable {
    /// The pages of other origins that may.
    let allowed: [Origin]

    /// Whether a request must be refused.
    func refuses(_ request: Request) -> Bool {
        let fields = request.fields
        switch request.method {
        case .get, .head, .options: return false
        case .post, .patch, .delete, .other: break
        }
        if fields.secFetchSite == nil && fields.origin == nil { return false }
        let origin = fields.origin.flatMap { Origin($0) }
        if let origin, allowed.contains(origin) { return false }
        if let site = fields.secFetchSite { return site != "same-origin" && site != "none" }
        guard let origin, let host = fields.host else { return true }
        return Origin(host: host, asSeenFrom: origin) != origin
    }
}
