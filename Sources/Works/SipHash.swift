/// SipHash-2-4 with 128 bits: a short keyed tag that nobody without the key can make.
///
/// It guards cursors and names idempotency records. It is fast on short texts, and it is its authors' reference
/// algorithm, held against their test vectors.
public func sipHash(_ bytes: [UInt8], key: SipKey) -> SipHash {
    var state = SipState(key)
    let tail = bytes.count & ~7
    for start in stride(from: 0, to: tail, by: 8) {
        state.compress(bytes.littleEndianWord(start..<start + 8))
    }
    state.compress(bytes.littleEndianWord(tail..<bytes.count) | UInt64(truncatingIfNeeded: bytes.count) << 56)
    return state.finish()
}

/// A 128-bit value of `sipHash`.
public struct SipHash: Hashable, Sendable {
    let low: UInt64
    let high: UInt64

    /// The 16 bytes in the algorithm's order.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for word in [low, high] {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return bytes
    }

    /// `bytes` as 32 lower-case hexadecimal digits.
    public var hex: String {
        var digits: [UInt8] = []
        digits.appendHex(low.byteSwapped)
        digits.appendHex(high.byteSwapped)
        return String(decoding: digits, as: UTF8.self)
    }
}

/// The 128-bit secret of `sipHash`.
public struct SipKey: Sendable {
    let low: UInt64
    let high: UInt64

    /// Reads 32 hexadecimal digits.
    public init?(hex: String) {
        let digits = hex.utf8
        guard digits.count == 32, digits.allSatisfy(\.isHexDigit),
            let low = UInt64(hex.prefix(16), radix: 16), let high = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.low = low.byteSwapped
        self.high = high.byteSwapped
    }
}

private struct SipState {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    init(_ key: SipKey) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    mutating func compress(_ word: UInt64) {
        v3 ^= word
        rounds(2)
        v0 ^= word
    }

    mutating func finish() -> SipHash {
        v2 ^= 0xee
        rounds(4)
        let low = v0 ^ v1 ^ v2 ^ v3
        v1 ^= 0xdd
        rounds(4)
        return SipHash(low: low, high: v0 ^ v1 ^ v2 ^ v3)
    }

    private mutating func rounds(_ count: Int) {
        for _ in 0..<count {
            v0 &+= v1
            v1 = v1.rotatedLeft(13) ^ v0
            v0 = v0.rotatedLeft(32)
            v2 &+= v3
            v3 = v3.rotatedLeft(16) ^ v2
            v0 &+= v3
            v3 = v3.rotatedLeft(21) ^ v0
            v2 &+= v1
            v1 = v1.rotatedLeft(17) ^ v2
            v2 = v2.rotatedLeft(32)
        }
    }
}

extension UInt64 {
    fileprivate func rotatedLeft(_ bits: UInt64) -> UInt64 {
        self << bits | self >> (64 - bits)
    }
}

extension [UInt8] {
    /// Up to 8 bytes as a number, the first the lowest.
    fileprivate func littleEndianWord(_ range: Range<Int>) -> UInt64 {
        var word: UInt64 = 0
        for index in range { word |= UInt64(self[index]) << UInt64(8 * (index - range.lowerBound)) }
        return word
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        case UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
