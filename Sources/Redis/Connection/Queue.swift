/// A first-in, first-out queue in one array, whose front moves and is occasionally compacted.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var front = 0

    var count: Int {
        elements.count - front
    }

    var isEmpty: Bool {
        front == elements.count
    }

    var first: Element? {
        isEmpty ? nil : elements[front]
    }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[front].take()
        front += 1
        if isEmpty {
            elements.removeAll(keepingCapacity: true)
            front = 0
        } else if front >= Self.compactMin, front * 2 >= elements.count {
            // Moves no more elements than were removed since the last compaction.
            elements.removeFirst(front)
            front = 0
        }
        return element
    }

    private static var compactMin: Int { 256 }
}
