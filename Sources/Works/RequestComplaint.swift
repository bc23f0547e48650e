/// What is wrong with a request as HTTP.
package enum RequestComplaint: Equatable, Sendable {
    case idempotencyKey
    /// Content-Length together with Transfer-Encoding, or one of them malformed.
    case lengthAndEncoding
    case headerBytes
    case method
    case target
    case version
}
