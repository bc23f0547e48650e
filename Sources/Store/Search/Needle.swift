/// A text to look for inside others, cut so that the functions find it in a time linear in the other text.
///
/// Lua's plain `string.find` tries every place where the first byte of the text occurs, and compares there up to the
/// first difference. That is slow only if the text begins with a long repetition: to look for 2000 × `a` and `b` among
/// many `a` is to compare 2000 bytes at each of them. Such a text is cut into a ``word``, which is found, and pieces,
/// which are compared around it:
///
/// - If the repetition ends within the text, the word begins a little before that end and goes on to the end of the
///   text. It stands at most once in a repetition, however long; the rest of the text stands before it.
/// - If the whole text is one repetition, the word is its beginning, and the rest stands after it. Where the word is
///   found but not the rest, the text cannot begin before the last period of what did match.
///
/// The pieces double in length, so that no more is compared than matches, or about as much. A prefix that repeats
/// itself no more than ``periodsMax`` times costs less than reading the other text does, and no text that fits a URI
/// has two that repeat themselves much more often. (Galil and Seiferas, Time-Space-Optimal String Matching, 1983, is
/// about repetitions as prefixes.)
struct Needle {
    let word: ArraySlice<UInt8>
    /// What stands before the word, nearest piece first.
    private(set) var before: [ArraySlice<UInt8>] = []
    /// What stands after the word, nearest piece first.
    private(set) var after: [ArraySlice<UInt8>] = []
    /// After how many bytes the text repeats itself, if it is one repetition as a whole.
    private(set) var period: Int?

    init(_ text: String) {
        let bytes = Array(text.utf8)
        guard let repetition = Repetition(in: bytes) else {
            word = bytes[...]
            return
        }
        let (period, end) = (repetition.period, repetition.end)
        let repeated = max(Self.wordPeriods, Self.wordBytesMin / period) * period
        if end == bytes.count {
            word = bytes[..<repeated]
            self.period = period
            after = Self.pieces(of: bytes.count - repeated, from: repeated).map { piece in
                bytes[repeated + piece.lowerBound..<repeated + piece.upperBound]
            }
        } else {
            // At a whole period from the start, the word begins as the text does: with no other long repetition.
            let start = (end - repeated) / period * period
            word = bytes[start...]
            before = Self.pieces(of: start, from: repeated).map { piece in
                bytes[start - piece.upperBound..<start - piece.lowerBound]
            }
        }
    }

    /// Cuts `count` bytes into pieces, the first of which has `length` bytes, and each other as many as all before it
    /// and `length`.
    private static func pieces(of count: Int, from length: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var end = 0
        while end < count {
            let next = min(count, 2 * end + length)
            pieces.append(end..<next)
            end = next
        }
        return pieces
    }

    /// How often a prefix may repeat itself before the text is cut.
    static let periodsMax = 128
    private static let wordPeriods = 64
    private static let wordBytesMin = 128
}

/// The prefix of a text that repeats itself most often: each of its bytes equals the one a period before it.
private struct Repetition {
    private(set) var period = 1
    private(set) var end = 1

    private var count: Int { end / period }

    /// Nil if no prefix repeats itself more than ``Needle/periodsMax`` times.
    init?(in text: [UInt8]) {
        guard text.count > Needle.periodsMax else { return nil }
        // For each prefix, the length of its longest border, a shorter prefix that is also its suffix. What it has
        // beyond its border is its shortest period (Knuth, Morris and Pratt, Fast Pattern Matching in Strings, 1977).
        var borders = [0]
        borders.reserveCapacity(text.count)
        for index in 1..<text.count {
            var border = borders[index - 1]
            while border > 0 && text[border] != text[index] { border = borders[border - 1] }
            if text[border] == text[index] { border += 1 }
            borders.append(border)
            let (period, end) = (index + 1 - border, index + 1)
            if period == self.period || end / period > count { (self.period, self.end) = (period, end) }
        }
        if count <= Needle.periodsMax { return nil }
    }
}

extension MessagePack {
    /// Appends the fields of a condition that the functions' `contains` reads.
    mutating func set(_ needle: Needle) {
        set("text", to: needle.word)
        set("before", to: MessagePack(needle.before))
        set("after", to: MessagePack(needle.after))
        set("period", to: needle.period)
    }

    private init(_ pieces: [ArraySlice<UInt8>]) {
        self.init()
        for piece in pieces { append(bytes: piece) }
    }
}
