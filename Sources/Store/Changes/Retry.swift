import Loop

/// How often, and after which pauses, a change is computed again because another one came first.
@LoopActor enum Retry {
    /// Each failed attempt means that another change succeeded, so this many contenders for one work can be served.
    static let attemptsMax = 64

    /// The first attempts follow at once, later ones after a random pause, so that contenders spread out.
    static func pause(after attempt: Int) async {
        guard attempt >= immediateAttempts else { return }
        let longest = min(attempt, longestMilliseconds)
        await Timer.sleep(for: .microseconds(Int.random(in: 0...longest * 1000)))
    }

    private static let immediateAttempts = 2
    private static let longestMilliseconds = 20
}
