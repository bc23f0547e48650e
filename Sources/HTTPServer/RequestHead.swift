import Bytes
import CMicrohttpd
import HTTP

/// The header of a request, read in one pass over libmicrohttpd's fields.
///
/// Before version 1.0, libmicrohttpd is lenient: it accepts a bare line feed as a line end, cuts a value at a NUL,
/// joins the continuation of a folded line to the field's *name*, and allows any byte in a name. Each of these lets two
/// parties read the same bytes as different requests. But it parses in its buffer, where it overwrites line ends with
/// terminators: the lines of a well-formed header are exactly two bytes apart, and anything malformed leaves a gap of
/// another size. Version 1.0 refuses all this by itself, and cuts the blanks at the end of a value, so there the gaps
/// say nothing.
package struct RequestHead {
    private(set) var fields = Request.Fields()
    /// The size of all names and values, plus four bytes for each field's separators.
    ///
    /// `X-Request-Id` and `X-Real-IP` do not count: nginx adds them, and they must not push a client over the limit.
    private(set) var byteCount = 0
    /// How many fields there are, apart from the two that nginx adds.
    private(set) var fieldCount = 0
    /// The value of `X-Real-IP`, in libmicrohttpd's buffer; see ``ClientAddress``.
    private(set) var realIP = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The body size that the client announces; 0 if it announces none.
    private(set) var announcedBodyByteCount = 0

    /// Where the next line must begin.
    private var nextLine: UnsafeRawPointer
    /// Whether a line, a name or a value is malformed.
    private var isMalformed = false
    private var hostCount = 0
    /// The value of `Host`, which becomes text only for a browser's request.
    private var host = UnsafeRawBufferPointer(start: nil, count: 0)
    /// How many fields say where the body ends.
    private var framingCount = 0
    /// Whether such a field says it in a way that we do not understand.
    private var isFramingUnknown = false

    /// Reads the header of a request.
    ///
    /// - Parameters:
    ///   - connection: the connection, on which the header has arrived.
    ///   - start: the request's first byte.
    ///   - version: the last word of the request line, `HTTP/x.y`.
    init(of connection: OpaquePointer, from start: UnsafeRawPointer, version: UnsafeRawPointer) {
        nextLine = version + Self.versionBytes + Self.lineEndBytes
        withUnsafeMutablePointer(to: &self) { head in
            _ = MHD_get_connection_values_n(connection, .HEADER_KIND, fieldFound, head)
        }
        if !Self.libraryChecksLines, nextLine + Self.lineEndBytes != start + works_http_header_size(connection) {
            isMalformed = true
        }
        if fields.origin != nil && hostCount > 0 { Self.append(host, to: &fields.host) }
    }

    /// How the header breaks the rules of HTTP/1.1 (RFC 9112); nil if it keeps them.
    ///
    /// The lines are checked first, because the fields of malformed lines cannot be trusted.
    var fault: HTTPFault? {
        if isMalformed { return .headerMalformed }
        // RFC 9112 §6.3: a message with both length and encoding is an attempt to smuggle a second request.
        if framingCount > 1 || isFramingUnknown { return .bodyLengthUnclear }
        return hostCount > 1 ? .hostRepeated : nil
    }

    fileprivate mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if isStandIn(name, value) { return }
        let isRequestID = name.spells("x-request-id")
        let isRealIP = name.spells("x-real-ip")
        if !isRequestID && !isRealIP {
            byteCount += name.count + value.count + 4
            fieldCount += 1
        }
        if !Self.libraryChecksLines, !isNextLine(name, value) { isMalformed = true }
        if !name.isToken || value.holdsControl { isMalformed = true }
        switch name.count {
        case 4 where name.spells("host"):
            hostCount += 1
            host = value
        case 6 where name.spells("origin"): Self.append(value, to: &fields.origin)
        case 8 where name.spells("if-match"): Self.append(value, to: &fields.ifMatch)
        case 9 where isRealIP: realIP = value
        case 12 where name.spells("content-type"): Self.append(value, to: &fields.contentType)
        case 12 where isRequestID: Self.append(value, to: &fields.requestID)
        case 13 where name.spells("if-none-match"): Self.append(value, to: &fields.ifNoneMatch)
        case 14 where name.spells("content-length"): addLength(value)
        case 14 where name.spells("sec-fetch-site"): Self.append(value, to: &fields.secFetchSite)
        case 15 where name.spells("accept-language"): Self.append(value, to: &fields.acceptLanguage)
        case 15 where name.spells("idempotency-key"): Self.append(value, to: &fields.idempotencyKey)
        case 16 where name.spells("content-encoding"): Self.append(value, to: &fields.contentEncoding)
        case 17 where name.spells("transfer-encoding"): addEncoding(value)
        default: break
        }
    }

    /// Digits beyond `Int` announce a body that is too large in any case.
    private mutating func addLength(_ value: UnsafeRawBufferPointer) {
        framingCount += 1
        let digits = value.trimmed
        if !digits.isEmpty, digits.allSatisfy(\.isDigit) {
            announcedBodyByteCount = Int(String(decoding: digits, as: UTF8.self)) ?? .max
        } else {
            isFramingUnknown = true
        }
    }

    /// libmicrohttpd would read a body in an encoding other than `chunked` without ever finding its end.
    private mutating func addEncoding(_ value: UnsafeRawBufferPointer) {
        framingCount += 1
        if !value.spells("chunked") { isFramingUnknown = true }
    }

    /// Whether a field is ours and not the client's, see `works_http_parse_no_arguments_and_cookies`: its value begins
    /// where its name ends, which leaves no room for a colon.
    private func isStandIn(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        guard let start = name.baseAddress else { return false }
        return value.baseAddress == start + name.count
    }

    /// Whether a field begins where the next line must; advances to the line after it.
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

    /// Whether libmicrohttpd refuses malformed lines, with a page of its own.
    package static var libraryChecksLines: Bool { works_http_checks_lines() != 0 }

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
    /// Whether this is `text`, ignoring case.
    fileprivate func spells(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for i in 0..<count where self[i] | 0x20 != text.utf8Start[i] | 0x20 { return false }
        return true
    }

    /// Whether this is a token, as the name of a field must be (RFC 9110 §5.6.2).
    fileprivate var isToken: Bool {
        !isEmpty
            && allSatisfy { byte in
                if byte.isLetter { return true }
                return switch byte {
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"),
                    UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
                    UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
                    true
                default: byte.isDigit
                }
            }
    }

    /// Whether this contains a control character other than a tab.
    fileprivate var holdsControl: Bool {
        contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }

    /// The value without its trailing blanks; libmicrohttpd has removed the leading ones.
    fileprivate var trimmed: Slice<UnsafeRawBufferPointer> {
        let end = lastIndex { !$0.isBlank }
        return self[..<(end.map { $0 + 1 } ?? 0)]
    }
}
