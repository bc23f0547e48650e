import TestSupport

/// The stack shared by all tests that neither stop processes nor need a store of their own.
///
/// Two workers run behind nginx, a third listens on a port. Each test works with users of its own.
enum Shared {
    private static let started = Result {
        var options = Stack.Options()
        options.hasPortWorker = true
        return try Stack(options)
    }
    private static let entrance = Result { try stack.client }

    /// Started by the first test that needs it; the reaper ends it with the test process.
    static var stack: Stack { get throws { try started.get() } }

    /// A client in front of nginx.
    static var client: Client { get throws { try entrance.get() } }
}
