/// Memory that elements are appended to, kept from one use to the next.
///
/// An array would do, but it checks at each access whether it is shared, which costs more than parsing a reply of some
/// hundreds of elements.
struct Region<Element: BitwiseCopyable>: ~Copyable {
    private(set) var start: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        start = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { start.deallocate() }

    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(UnsafeBufferPointer(start: start, count: count))
    }

    /// Grows by `more` elements, which the caller must initialize, and returns a pointer to the first of them.
    @inline(__always)
    mutating func extend(by more: Int) -> UnsafeMutablePointer<Element> {
        if count + more > capacity { reallocate(capacity: max(2 * capacity, count + more)) }
        defer { count += more }
        return start + count
    }

    /// Removes all elements, and frees the memory beyond `capacityMax`.
    mutating func removeAll(keeping capacityMax: Int) {
        count = 0
        if capacity > capacityMax { reallocate(capacity: capacityMax) }
    }

    private mutating func reallocate(capacity: Int) {
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        moved.moveInitialize(from: start, count: count)
        start.deallocate()
        start = moved
        self.capacity = capacity
    }
}
