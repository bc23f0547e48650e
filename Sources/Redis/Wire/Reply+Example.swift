extension Reply {
    /// A reply written out in a test: `Reply(testing: ["name", "a work", "version", 3, "user", nil])`.
    package indirect enum Example: Sendable {
        case null
        case text(String)
        case integer(Int)
        case error(String)
        case array([Example])
    }

    package init(testing example: Example) {
        var builder = ReplyBuilder()
        builder.begin()
        builder.put(example, at: 0)
        self = builder.take()
    }
}

extension Reply.Example: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral
{
    package init(stringLiteral text: String) { self = .text(text) }
    package init(integerLiteral integer: Int) { self = .integer(integer) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: Self...) { self = .array(elements) }
}

extension ReplyBuilder {
    fileprivate mutating func put(_ example: Reply.Example, at place: Int) {
        switch example {
        case .null: putNull(at: place)
        case .text(let text): put(.text, text, at: place)
        case .integer(let integer): put(integer, at: place)
        case .error(let sentence): put(.error, sentence, at: place)
        case .array(let elements):
            precondition(putArray(count: elements.count, at: place), "more elements than a reply may have")
            for (index, element) in elements.enumerated() {
                put(element, at: self.place(ofElement: index, in: place))
            }
        }
    }

    private mutating func put(_ kind: Reply.Node.Kind, _ text: String, at place: Int) {
        let isPut = Array(text.utf8).withUnsafeBytes { put(kind, $0, at: place) }
        precondition(isPut, "more bytes than a reply may have")
    }
}
