import Store
import Testing

@testable import API

/// `If-Match` and `If-None-Match`.
@Suite struct EntityTagsTests {
    @Test func anAbsentHeaderIsNoCondition() {
        #expect(EntityTags.strong(nil) == nil)
        #expect(EntityTags.weak(nil) == nil)
    }

    @Test(arguments: [
        (#""1""#, [1]), (#""12""#, [12]), (#""1","3""#, [1, 3]), ("\t\"1\" ,\t\"3\" ", [1, 3]), (#""1",W/"2""#, [1]),
        (#""9223372036854775807""#, [Int.max]),
    ])
    func strongTagsNameVersions(field: String, versions: [Int]) {
        #expect(EntityTags.strong(field) == .oneOf(versions))
    }

    @Test(arguments: [
        "", "1", #""""#, #"""#, #""01""#, #""0""#, #""-1""#, #""+1""#, #""1"#, #"1""#, #"W/"1""#, #"w/"1""#, #""1 ""#,
        #""٣""#, #""1.0""#, #""abc""#, #""9223372036854775808""#, ",", #"'1'"#,
    ])
    func aForeignTagNeverMatches(field: String) {
        #expect(EntityTags.strong(field) == .oneOf([]))
    }

    @Test(arguments: ["*", " * ", #""1", *"#])
    func theStarMatchesEveryVersion(field: String) {
        #expect(EntityTags.strong(field) == .any)
        #expect(EntityTags.weak(field) == .any)
    }

    @Test(arguments: [
        (#"W/"1""#, [1]), (#""1""#, [1]), (#"W/"1", "2", W/"x""#, [1, 2]), (#"w/"1""#, []), (#"W/1"#, []),
        (#"W/W/"1""#, []),
    ])
    func weakComparisonIgnoresTheWeakMark(field: String, versions: [Int]) {
        #expect(EntityTags.weak(field) == .oneOf(versions))
    }
}
