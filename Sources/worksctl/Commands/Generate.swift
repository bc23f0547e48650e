import JSON
import Loop
import Program

/// Writes made-up works, the same for the same seed, for trials and measurements.
struct Generate: Subcommand {
    static let name = "generate"
    static let help = "write made-up works as lines of JSON to standard output, for import"
    static let options: [Option<Generate>] = [
        .number("--count", 0...100_000_000, "how many works", into: \.count),
        .number(
            "--seed",
            0...Int.max,
            "where the random choices start; the same seed gives the same works",
            into: \.seed
        ),
    ]

    var count = 1000
    var seed = 1

    @LoopActor func run(on store: TargetStore) async throws {
        var works = MadeUpWorks(seed: UInt64(seed))
        let progress = Progress(Self.name, unit: "works")
        defer { progress.clear() }
        var json = JSONWriter(capacity: Self.bytesAtOnce + 4096)
        for number in 0..<count {
            works.writeNext(to: &json)
            guard json.bytes.count >= Self.bytesAtOnce else { continue }
            try Output.standard.write(json.bytes)
            json.bytes.removeAll(keepingCapacity: true)
            progress.show(number + 1, of: count)
        }
        try Output.standard.write(json.bytes)
    }

    private static let bytesAtOnce = 1 << 16
}
