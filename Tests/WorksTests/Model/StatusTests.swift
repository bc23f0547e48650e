import Testing
import Works

/// Which numbers and which texts are a status.
struct StatusTests {
    @Test(arguments: 0...7)
    func acceptsZeroToSeven(number: Int) {
        #expect(Status(number)?.number == number)
        #expect(Status(text: String(number))?.number == number)
    }

    @Test(arguments: [-1, 8, 10, 100, Int.min, Int.max])
    func refusesOtherNumbers(number: Int) {
        #expect(Status(number) == nil)
        #expect(Status(text: String(number)) == nil)
    }

    @Test(arguments: [
        "", " ", "01", "00", "+1", "-0", "1 ", " 1", "1.0", "0x1", "a", "/", ":", "１", "١", "1\0", "null",
    ])
    func refusesOtherTexts(text: String) {
        #expect(Status(text: text) == nil)
    }

    @Test func isOrderedByNumber() {
        #expect((0...7).compactMap(Status.init).shuffled().sorted().map(\.number) == Array(0...7))
    }

    @Test func beginsAtZero() {
        #expect(Status.initial.number == 0)
    }
}
