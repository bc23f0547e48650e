import Testing
import Works

/// The orders by the names that queries give them.
struct OrderTests {
    @Test func hasFourNames() {
        #expect(Order.allCases.map(\.rawValue) == ["created_at", "-created_at", "updated_at", "-updated_at"])
    }

    @Test func showsTheNewestFirstUnlessAsked() {
        #expect(Order.standard == .createdDescending)
    }
}
