extension String {
    /// Whether both texts consist of the same bytes.
    ///
    /// `==` treats canonically equivalent texts as equal, such as é and e with a combining accent. Texts are kept as
    /// clients wrote them, so replacing one by the other is a change, and a filter finds only the one it names.
    public func isExactly(_ other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

extension String? {
    /// Whether both texts consist of the same bytes, or both are absent.
    public func isExactly(_ other: String?) -> Bool {
        switch (self, other) {
        case (let text?, let other?): text.isExactly(other)
        case (nil, nil): true
        case (nil, _?), (_?, nil): false
        }
    }
}

/// A text that is compared byte by byte, like a key in Redis.
public struct ExactText: Hashable, Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.text.isExactly(right.text)
    }

    public func hash(into hasher: inout Hasher) {
        // Eight bytes at a time, because a text is hashed once for each set that a work is in.
        var (word, count) = (UInt64(0), 0)
        for byte in text.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            if count & 7 == 0 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(count)
    }
}
