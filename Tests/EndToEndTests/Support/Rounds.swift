import Foundation

/// How often tests that depend on chance repeat: `WORKS_TEST_ROUNDS`, 3 unless it is set.
///
/// `deploy/test --thorough` sets 20.
let rounds = max(1, ProcessInfo.processInfo.environment["WORKS_TEST_ROUNDS"].flatMap(Int.init) ?? 3)
