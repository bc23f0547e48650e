import TestSupport

/// The stack of all tests that neither end processes nor need a store of their own.
///
/// Two workers stand behind nginx, a third listens on a port. Each test keeps to users of its own.
enum Shared {
    private static let started = Result {
        var options = Stack.Options()
        options.hasPortWorker = true
        return try Stack(options)
    }
    private static let entrance = Result { try stack.client }

    /// Started by the first test that asks; the reaper ends it with the test process.
    static var stack: Stack { get throws { try started.get() } }

    /// A client before nginx.
    static var client: Client { get throws { try entrance.get() } }
}
