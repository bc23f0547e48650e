/// Reads HTTP/1.1 answers from a stream, one after another, and throws on any that is malformed.
///
/// It is strict on purpose: a tolerant client would hide a wrong length or a stray byte. Behind a proxy that reuses
/// connections, such bytes become the answer to another client's request.
struct HTTPReader {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    private let wire: Wire
    private let patience: Duration
    private(set) var buffer: [UInt8] = []

    init(_ wire: Wire, patience: Duration) {
        self.wire = wire
        self.patience = patience
    }

    /// The next answer; `isHead` for the answer to a HEAD request, which announces a body but has none.
    mutating func answer(isHead: Bool) throws -> Answer {
        var head = try self.head()
        while head.status / 100 == 1 { head = try self.head() }
        let answer = Answer(status: head.status, headers: head.headers, body: [])
        if isHead || head.status == 204 || head.status == 304 { return answer }
        return Answer(status: head.status, headers: head.headers, body: try body(of: answer))
    }

    private mutating func head() throws -> (status: Int, headers: [Answer.Header]) {
        let line = try self.line()
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3,
            let status = Int(words[1])
        else { throw Malformed(description: "status line: \(line)") }
        var headers: [Answer.Header] = []
        while true {
            let line = try self.line()
            if line.isEmpty { return (status, headers) }
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
                !line[..<colon].contains(where: \.isWhitespace)
            else { throw Malformed(description: "header: \(line)") }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append(Answer.Header(name: String(line[..<colon]), value: String(value)))
        }
    }

    private mutating func body(of answer: Answer) throws -> [UInt8] {
        let lengths = answer.all("Content-Length")
        guard lengths.count <= 1 else { throw Malformed(description: "repeated Content-Length\n\(answer)") }
        if let coding = answer["Transfer-Encoding"] {
            guard coding.lowercased() == "chunked", lengths.isEmpty else {
                throw Malformed(description: "framing\n\(answer)")
            }
            return try chunks()
        }
        if let length = lengths.first {
            guard let count = Int(length), count >= 0 else { throw Malformed(description: "length\n\(answer)") }
            return try take(count)
        }
        while try fill() {}
        return try take(buffer.count)
    }

    private mutating func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try self.line()
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else {
                throw Malformed(description: "chunk size: \(line)")
            }
            body += try take(size)
            guard try self.line().isEmpty else { throw Malformed(description: "no line end after a chunk") }
            if size == 0 { return body }
        }
    }

    /// A line without its CR LF; a bare LF is malformed.
    private mutating func line() throws -> String {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: 10) {
                guard end > 0, buffer[end - 1] == 13 else { throw Malformed(description: "a bare line feed") }
                let line = String(decoding: buffer[..<(end - 1)], as: UTF8.self)
                buffer.removeFirst(end + 1)
                return line
            }
            searched = buffer.count
            guard try fill() else { throw Wire.Failure.closed }
        }
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw Malformed(description: "the body ended early") }
        }
        let bytes = Array(buffer[..<count])
        buffer.removeFirst(count)
        return bytes
    }

    /// Reads more; false at the end of the stream.
    private mutating func fill() throws -> Bool {
        let bytes = try wire.receive(patience: patience)
        buffer += bytes
        return !bytes.isEmpty
    }
}
