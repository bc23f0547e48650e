import Redis

/// From the sets back to the hashes: finds members that belong to no hash.
extension Verification {
    /// Compares the sizes of sets with the counts from the hashes, and examines the members of those that differ.
    func verifySizes(_ keys: [String]) async throws(RedisError) {
        let sized = keys.compactMap { key in Self.sizeCommand(key).map { (key: key, command: $0) } }
        let sizes = try await read(sized.map(\.command))
        for ((key, _), size) in zip(sized, sizes) where size.integer != expectedCount(key) {
            if size.isNull {
                report("\(key): wrong type")
            } else {
                try await verifyMembers(of: key)
            }
        }
    }

    private static func sizeCommand(_ key: String) -> Command? {
        switch Key(key) {
        case .workSet, .runSet, .purging: .reading("ZCARD", key)
        case .posting: .reading("SCARD", key)
        case .ids: .reading("HLEN", key)
        case .work, .run, .other, .unknown: nil
        }
    }

    private func verifyMembers(of key: String) async throws(RedisError) {
        switch Key(key) {
        case .workSet:
            try await forEachMember(of: key, by: "ZSCAN", width: 2) { .entry(key, $0, of: nil) }
        case .purging:
            try await forEachMember(of: key, by: "ZSCAN", width: 2) { .purge(key, $0) }
        case .runSet(let work):
            try await forEachMember(of: key, by: "ZSCAN", width: 2) { .entry(key, $0, of: work) }
        case .posting(let term, let block):
            try await forEachMember(of: key, by: "SSCAN", width: 1) { .posting(key, $0, term: term, block: block) }
        case .ids(let first):
            try await forEachMember(of: key, by: "HSCAN", width: 2) { .id(key, $0, first: first) }
        case .work, .run, .other, .unknown: break
        }
    }

    /// Examines all members that the command `scan` lists, with `width` words for each.
    private func forEachMember(
        of key: String,
        by scan: String,
        width: Int,
        _ stray: (String) -> Stray
    ) async throws(RedisError) {
        var cursor = "0"
        repeat {
            let reply = try await read([
                .reading(scan, key, cursor, "COUNT", String(Self.membersPerStep))
            ])[0]
            cursor = reply[0].string ?? "0"
            let members = stride(from: 0, to: reply[1].count, by: width).compactMap { reply[1][$0].string.map(stray) }
            for stray in try await lastingStrays(among: members) { try await repairOrReport(stray) }
        } while cursor != "0"
    }

    /// The members that belong to nothing, even after repeated reading.
    private func lastingStrays(among members: [Stray]) async throws(RedisError) -> [Stray] {
        var open = members
        for attempt in 0..<Self.attemptsMax where !open.isEmpty {
            if attempt > 0 { await Self.pause(before: attempt) }
            var strays: [Stray] = []
            for chunk in open.chunks(of: Self.membersPerStep) { strays += try await self.strays(among: chunk) }
            open = strays
        }
        return open
    }

    /// The members that belong to nothing; all are read together.
    private func strays(among members: some Sequence<Stray>) async throws(RedisError) -> [Stray] {
        let members = try await resolved(Array(members))
        let replies = try await read(members.flatMap { [$0.readHash, $0.readEntry] })
        return members.enumerated().compactMap { index, member in
            let (values, entry) = (replies[2 * index], replies[2 * index + 1])
            return member.belongs(values: values, entry: entry, secret: secret) ? nil : member.asRead(values)
        }
    }

    /// Looks up the works of the members that are numbers.
    private func resolved(_ members: [Stray]) async throws(RedisError) -> [Stray] {
        let replies = try await read(members.map(\.readID))
        return zip(members, replies).map { member, reply in
            var member = member
            if member.isNumbered { member.hashID = reply.string ?? "" }
            return member
        }
    }

    private func repairOrReport(_ stray: Stray) async throws(RedisError) {
        switch mode {
        case .report: report(stray.sentence)
        case .repair: if try await !repair(stray.removal) { report(stray.sentence) }
        }
    }

    private static let membersPerStep = 200
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
