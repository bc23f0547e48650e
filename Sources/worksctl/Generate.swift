import JSON
import Loop
import Works

/// Writes made-up works, the same ones for the same seed, for trials and measurements.
enum Generate: Subcommand {
    static let name = "generate"
    static let options = [Option(flag: "--count", form: "N"), Option(flag: "--seed", form: "S")]
    static let help = "write N made-up works as lines of JSON to standard output, for import; default 1000, seed 1"

    @LoopActor static func run(_ invocation: Invocation) async throws {
        let count = try invocation.number("--count", 0...100_000_000) ?? 1000
        var works = MadeUpWorks(seed: UInt64(try invocation.number("--seed", 0...Int.max) ?? 1))
        let progress = Progress(name, unit: "works")
        var json = JSONWriter(capacity: bytesAtOnce + 4096)
        for number in 0..<count {
            works.writeNext(to: &json)
            guard json.bytes.count >= bytesAtOnce else { continue }
            try Output.standard.write(json.bytes)
            json.bytes.removeAll(keepingCapacity: true)
            progress.show(number + 1, of: count)
        }
        try Output.standard.write(json.bytes)
        progress.clear()
    }

    private static let bytesAtOnce = 1 << 16
}
