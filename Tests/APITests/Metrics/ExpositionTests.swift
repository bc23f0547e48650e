import HTTP
import TestSupport
import Testing

@testable import API

/// Writing the text format of Prometheus.
@Suite struct ExpositionTests {
    private static func lines(_ write: (inout Exposition) -> Void) -> [String] {
        var exposition = Exposition()
        write(&exposition)
        let text = String(decoding: exposition.bytes, as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    @Test func aFamilyHasItsHelpAndItsType() {
        #expect(
            Self.lines { $0.family("a_total", "counter", "All of them.") } == [
                "# HELP a_total All of them.", "# TYPE a_total counter",
            ]
        )
    }

    @Test func aSampleHasItsLabelsInBraces() {
        let lines = Self.lines { exposition in
            exposition.sample("a", [], "1")
            exposition.sample("b", [("x", "1"), ("y", "two")], "2")
        }
        #expect(lines == ["a 1", #"b{x="1",y="two"} 2"#])
    }

    @Test func labelsAreEscaped() {
        #expect(Self.lines { $0.sample("a", [("x", "q\"b\\n\nü")], "1") } == [#"a{x="q\"b\\n\nü"} 1"#])
    }

    @Test func aDurationIsInTheFirstBucketThatHoldsIt() {
        for (index, bound) in Tally.boundsMicroseconds.enumerated() {
            var tally = Tally()
            tally.add(Self.outcome, microseconds: bound)
            #expect(tally.buckets[index] == 1)
            tally.add(Self.outcome, microseconds: bound + 1)
            #expect(tally.buckets[index] == 1)
            #expect(tally.buckets[index + 1] == 1)
        }
        var tally = Tally()
        tally.add(Self.outcome, microseconds: 0)
        #expect(tally.buckets[0] == 1)
    }

    @Test func bucketsAreCumulativeAndEndWithAll() {
        var fast = Tally()
        fast.add(Self.outcome, microseconds: 100)
        fast.add(Self.outcome, microseconds: 2_500_001)
        var slow = Tally()
        slow.add(Self.outcome, microseconds: 1000)
        let lines = Self.lines { $0.histogram(of: [fast, slow], route: "/r") }
        let name = "works_http_request_duration_seconds"
        #expect(lines.count == Tally.boundsMicroseconds.count + 3)
        #expect(lines.first == #"\#(name)_bucket{route="/r",le="0.000100"} 1"#)
        #expect(lines.contains(#"\#(name)_bucket{route="/r",le="0.000500"} 1"#))
        #expect(lines.contains(#"\#(name)_bucket{route="/r",le="0.001000"} 2"#))
        #expect(lines.contains(#"\#(name)_bucket{route="/r",le="2.500000"} 2"#))
        #expect(lines.contains(#"\#(name)_bucket{route="/r",le="+Inf"} 3"#))
        #expect(lines.suffix(2) == [#"\#(name)_sum{route="/r"} 2.501101"#, #"\#(name)_count{route="/r"} 3"#])
    }

    private static let outcome = Tally.Outcome(method: .get, status: 200, code: 0)
}
