import Foundation

/// Random numbers that a seed reproduces (SplitMix64).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    /// The seed of the whole run: `WORKS_TEST_SEED`, or a constant if it is not set.
    package static let runSeed = ProcessInfo.processInfo.environment["WORKS_TEST_SEED"].flatMap(UInt64.init) ?? 2024

    private var state: UInt64

    /// `salt` tells one use of the run's seed from another.
    package init(_ salt: UInt64 = 0) { state = Self.runSeed &+ salt &* 0x9e37_79b9_7f4a_7c15 }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    package mutating func pick<Item>(_ items: [Item]) -> Item { items[Int(next() % UInt64(items.count))] }

    package mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}
