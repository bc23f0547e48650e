@testable import Redis

extension Reply {
    /// A reply written out in a test: `Reply(testing: ["name", "a work", "version", 3, "user", nil])`.
    indirect enum Example: Sendable {
        case null
        case text(String)
        case integer(Int)
        case error(String)
        case array([Example])
    }

    init(testing example: Example) {
        var builder = ReplyBuilder()
        builder.begin()
        builder.put(example, at: 0)
        self = builder.finish()
    }
}

extension Reply.Example: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral integer: Int) { self = .integer(integer) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: Self...) { self = .array(elements) }
}

extension ReplyBuilder {
    fileprivate mutating func put(_ example: Reply.Example, at index: Int) {
        switch example {
        case .null: putNull(at: index)
        case .text(let text): put(.text, text, at: index)
        case .integer(let integer): put(integer, at: index)
        case .error(let sentence): put(.error, sentence, at: index)
        case .array(let elements):
            precondition(putArray(count: elements.count, at: index), "more elements than a reply may have")
            for (number, element) in elements.enumerated() {
                put(element, at: self.index(ofElement: number, in: index))
            }
        }
    }

    private mutating func put(_ kind: Reply.Node.Kind, _ text: String, at index: Int) {
        let isPut = Array(text.utf8).withUnsafeBytes { put(kind, $0, at: index) }
        precondition(isPut, "more bytes than a reply may have")
    }
}
