/// The language of a message.
package enum Language: Sendable, CaseIterable {
    case english
    case chinese

    /// The text in this language; the other one is not composed.
    package func choose(_ english: @autoclosure () -> String, _ chinese: @autoclosure () -> String) -> String {
        switch self {
        case .english: english()
        case .chinese: chinese()
        }
    }
}
