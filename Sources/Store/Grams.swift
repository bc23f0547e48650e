internal import Folding
internal import Works

/// The substrings of one and of two scalars of folded texts.
///
/// A work has a posting in the set of each gram of its name and of its description. A text of one or two scalars is
/// found by its set alone; a longer one is in no work that lacks one of its two-scalar grams. 订单同步 has
///
///     订 单 同 步 订单 单同 同步
enum Grams {
    /// All of them, each once, in a fixed order.
    ///
    /// Linear in the text, which is bounded before it comes here; folding makes at most 18 scalars of one.
    static func all(of text: FoldedText) -> [String] {
        var grams: [UInt64] = []
        grams.reserveCapacity(2 * text.text.utf8.count)
        var last: UInt64 = 0
        for scalar in text.text.unicodeScalars {
            let scalar = UInt64(scalar.value)
            grams.append(scalar)
            if last != 0 { grams.append(last << scalarBits | scalar) }
            last = scalar
        }
        grams.sort()
        var previous: UInt64?
        return grams.compactMap { gram in
            defer { previous = gram }
            return gram == previous ? nil : string(gram)
        }
    }

    /// Those that narrow a search down to the works that may hold a text: at most ``queriedMax``, spread over it.
    static func query(for text: FoldedText) -> [String] {
        let scalars = Array(text.text.unicodeScalars)
        guard scalars.count > 2 else { return [text.text] }
        let pairs = (0..<scalars.count - 1).map { String(String.UnicodeScalarView(scalars[$0...$0 + 1])) }
        let count = min(pairs.count, queriedMax)
        // From the first to the last; with one there is nothing to spread.
        let chosen = (0..<count).map { pairs[$0 * (pairs.count - 1) / max(1, count - 1)] }
        return Set(chosen.map(ExactText.init)).map(\.text)
    }

    /// Whether the works with the grams of ``query(for:)`` are just those that hold the text.
    static func isExact(_ text: FoldedText) -> Bool {
        text.text.unicodeScalars.count <= 2
    }

    private static func string(_ gram: UInt64) -> String {
        var text = String.UnicodeScalarView()
        for value in [gram >> scalarBits, gram & (1 << scalarBits - 1)] where value != 0 {
            if let scalar = Unicode.Scalar(UInt32(value)) { text.append(scalar) }
        }
        return String(text)
    }

    private static let scalarBits: UInt64 = 21
    private static let queriedMax = 8
}
