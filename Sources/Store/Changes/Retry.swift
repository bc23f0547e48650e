import Loop

/// How often, and after which pauses, a change is worked out again because another one came first.
@LoopActor enum Retry {
    /// With every attempt somebody else has got through, so that this many contenders on one work are served.
    static let attemptsMax = 64

    /// The first attempts follow at once; later ones after a random while, so that contenders spread out.
    static func pause(after attempt: Int) async {
        guard attempt >= immediateAttempts else { return }
        let longest = min(attempt, longestMilliseconds)
        await Timer.sleep(for: .microseconds(Int.random(in: 0...longest * 1000)))
    }

    private static let immediateAttempts = 2
    private static let longestMilliseconds = 20
}
