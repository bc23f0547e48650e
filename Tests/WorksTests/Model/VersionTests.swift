import Testing
import Works

/// The versions of works and runs.
struct VersionTests {
    @Test(arguments: [(1, 2), (2, 3), ((1 << 53) - 1, 1 << 53), (1 << 53, 1)])
    func theNextOneIsAcceptedToo(version: Int, expected: Int) {
        let next = Version.next(after: version)
        #expect(next == expected)
        #expect(Version.range.contains(next))
    }
}
