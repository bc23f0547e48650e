/// The bounds of searches.
struct SearchLimits {
    /// What one step may do, in units of about two microseconds: enough to return, or to examine the texts of, some
    /// hundreds of items.
    ///
    /// A step may go beyond it by what reaching the matches of one block takes, a few milliseconds, and by one look at
    /// the largest texts.
    var effortPerStep = 1500
    /// A block with at least this many matches is probed number by number instead of listing the intersection.
    ///
    /// `denseMin` applies when a page needs only a few of them; `denseMinIfAll`, higher, when every match must be
    /// examined.
    var denseMin = 2048
    var denseMinIfAll = 8192
    /// Up to how many matches the total of a search is exact.
    var countedMax = 10_000
    /// How many matches are gathered and ordered at most; more would need too much memory and too many steps.
    var gatheredMax = 20_000
}
