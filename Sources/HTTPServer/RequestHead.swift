import Bytes
import CMicrohttpd
import HTTP

/// The header of a request, read in one pass over libmicrohttpd's fields.
///
/// libmicrohttpd is lenient: it takes a bare line feed for the end of a line, cuts a value at a null character, joins
/// the continuation of a folded line to the field's *name*, and lets any byte into a name. Each of these makes two
/// parties read two different requests. It parses in place, though, and puts its terminators over the line ends, so
/// that the lines of a well-formed header follow each other in memory with just two bytes in between; whatever was
/// not well formed leaves a gap of another size.
struct RequestHead {
    private(set) var fields = Request.Fields()
    /// The size of all names and values, with the four bytes between and after them, but for the request's id: nginx adds
    /// one, and what the client has sent within the limit has to stay within it.
    private(set) var byteCount = 0
    /// Whether the header breaks the rules of HTTP/1.1 (RFC 9112) on lines, names, values or the message's framing.
    private(set) var isMalformed = false

    /// Where the next line has to begin.
    private var nextLine: UnsafeRawPointer
    /// How large the client says its body will be; 0 if it does not, or not in digits.
    private(set) var announcedBodyByteCount = 0
    private var hostCount = 0
    /// How many fields say where the body ends.
    private var framingCount = 0

    /// - Parameters:
    ///   - connection: a request whose header has arrived.
    ///   - start: the request's first byte.
    ///   - version: the last word of the request line, `HTTP/x.y`.
    init(of connection: OpaquePointer, from start: UnsafeRawPointer, version: UnsafeRawPointer) {
        nextLine = version + Self.versionBytes + Self.lineEndBytes
        withUnsafeMutablePointer(to: &self) { head in
            _ = MHD_get_connection_values_n(connection, .HEADER_KIND, fieldFound, head)
        }
        if nextLine + Self.lineEndBytes != start + works_http_header_size(connection) { isMalformed = true }
        // RFC 9112 §6.3: a message with both length and encoding is an attempt to smuggle a second request.
        if hostCount > 1 || framingCount > 1 { isMalformed = true }
    }

    fileprivate mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if isStandIn(name, value) { return }
        let isRequestID = name.spells("x-request-id")
        if !isRequestID { byteCount += name.count + value.count + 4 }
        if !isNextLine(name, value) || !name.isToken || value.holdsControl { isMalformed = true }
        switch name.count {
        case 4 where name.spells("host"): hostCount += 1
        case 8 where name.spells("if-match"): Self.append(value, to: &fields.ifMatch)
        case 12 where name.spells("content-type"): Self.append(value, to: &fields.contentType)
        case 12 where isRequestID: Self.append(value, to: &fields.requestID)
        case 13 where name.spells("if-none-match"): Self.append(value, to: &fields.ifNoneMatch)
        case 14 where name.spells("content-length"):
            framingCount += 1
            announcedBodyByteCount = Int(String(decoding: value.trimmed, as: UTF8.self)) ?? 0
        case 15 where name.spells("accept-language"): Self.append(value, to: &fields.acceptLanguage)
        case 15 where name.spells("idempotency-key"): Self.append(value, to: &fields.idempotencyKey)
        case 17 where name.spells("transfer-encoding"):
            framingCount += 1
            // libmicrohttpd would read a body of any other encoding without ever finding its end.
            if !value.spells("chunked") { isMalformed = true }
        default: break
        }
    }

    /// Whether a field is not the client's but ours, see `works_http_parse_no_arguments_and_cookies`: its value begins
    /// where its name ends, without room for a colon.
    private func isStandIn(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        guard let start = name.baseAddress else { return false }
        return value.baseAddress == start + name.count
    }

    /// Whether a field stands where its line has to, and steps to the one after it.
    private mutating func isNextLine(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        guard let start = name.baseAddress, let valueStart = value.baseAddress else { return false }
        let isHere = start == nextLine && valueStart > start + name.count
        nextLine = valueStart + value.count + Self.lineEndBytes
        return isHere
    }

    /// Several fields of one name are one field with a list of values (RFC 9110 §5.3).
    private static func append(_ value: UnsafeRawBufferPointer, to field: inout String?) {
        let text = String(decoding: value.trimmed, as: UTF8.self)
        field = field.map { $0 + ", " + text } ?? text
    }

    private static let versionBytes = 8
    private static let lineEndBytes = 2
}

/// Called for each header field, in order.
private func fieldFound(
    head: UnsafeMutableRawPointer?,
    kind: MHD_ValueKind,
    name: UnsafePointer<CChar>?,
    nameCount: Int,
    value: UnsafePointer<CChar>?,
    valueCount: Int
) -> MHD_Result {
    guard let head = head?.assumingMemoryBound(to: RequestHead.self) else { return .NO }
    head.pointee.add(
        UnsafeRawBufferPointer(start: name, count: nameCount),
        UnsafeRawBufferPointer(start: value, count: valueCount)
    )
    return .YES
}

extension UnsafeRawBufferPointer {
    /// Whether this is `text`, which is in lower case, in any case.
    fileprivate func spells(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for i in 0..<count where self[i] | 0x20 != text.utf8Start[i] | 0x20 { return false }
        return true
    }

    /// Whether this can be the name of a field (RFC 9110 §5.6.2).
    fileprivate var isToken: Bool {
        !isEmpty
            && allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"),
                    UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
                    UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
                    true
                default: byte.isLetterOrDigit
                }
            }
    }

    /// Whether there is a control character in it; a tab may be.
    fileprivate var holdsControl: Bool {
        contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }

    /// Without the blanks at its end; libmicrohttpd has taken off those at the beginning.
    fileprivate var trimmed: Slice<UnsafeRawBufferPointer> {
        let end = lastIndex { !$0.isBlank }
        return self[..<(end.map { $0 + 1 } ?? 0)]
    }
}
