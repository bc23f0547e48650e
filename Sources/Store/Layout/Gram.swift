import Folding

/// One scalar of a folded text, or two adjacent ones.
///
/// A work has a posting in the set of each gram of its name and of its description. The set of a text of one or two
/// scalars has exactly the works that contain it; a longer text can only be in a work that has all its two-scalar
/// grams. 订单同步 has
///
///     订 单 同 步 订单 单同 同步
struct Gram: Hashable, Comparable {
    /// The first scalar in the upper bits, the second in the lower ones; a gram of one scalar leaves the upper bits 0.
    ///
    /// No text contains U+0000.
    private let scalars: UInt64

    private init(_ first: UInt32, _ second: UInt32) {
        scalars = UInt64(first) << Self.scalarBits | UInt64(second)
    }

    var text: String {
        var text = String.UnicodeScalarView()
        for value in [scalars >> Self.scalarBits, scalars & (1 << Self.scalarBits - 1)] where value != 0 {
            if let scalar = Unicode.Scalar(UInt32(value)) { text.append(scalar) }
        }
        return String(text)
    }

    /// All grams of a text, each once, in a fixed order.
    ///
    /// Linear in the text, whose length is bounded by its field; folding turns one scalar into at most 18.
    static func all(of text: FoldedText) -> [Gram] {
        var grams: [Gram] = []
        grams.reserveCapacity(2 * text.text.utf8.count)
        var last: UInt32 = 0
        for scalar in text.text.unicodeScalars {
            grams.append(Gram(0, scalar.value))
            if last != 0 { grams.append(Gram(last, scalar.value)) }
            last = scalar.value
        }
        return eachOnce(&grams)
    }

    /// The grams that narrow down a search for a text: at most ``queriedMax``, spread over the text.
    static func query(for text: FoldedText) -> [Gram] {
        let scalars = text.text.unicodeScalars.map(\.value)
        guard scalars.count > 1 else { return scalars.map { Gram(0, $0) } }
        let pairCount = scalars.count - 1
        let count = min(pairCount, queriedMax)
        // From the first pair to the last, evenly.
        let starts = (0..<count).map { $0 * (pairCount - 1) / max(1, count - 1) }
        var grams = starts.map { Gram(scalars[$0], scalars[$0 + 1]) }
        return eachOnce(&grams)
    }

    /// Whether exactly the works with the grams of ``query(for:)`` contain the text.
    static func isExact(_ text: FoldedText) -> Bool {
        text.text.unicodeScalars.count <= 2
    }

    static func < (left: Gram, right: Gram) -> Bool {
        left.scalars < right.scalars
    }

    private static func eachOnce(_ grams: inout [Gram]) -> [Gram] {
        grams.sort()
        var previous: Gram?
        return grams.filter { gram in
            defer { previous = gram }
            return gram != previous
        }
    }

    private static let scalarBits: UInt64 = 21
    private static let queriedMax = 4
}
