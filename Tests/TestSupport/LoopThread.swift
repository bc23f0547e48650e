import Foundation
import Loop

/// The thread that runs the event loop in a test process.
///
/// A worker's loop has the main thread. Tests have no say over theirs, and a loop can run but once in a process, so the
/// first test that needs it starts it here and it runs until the process ends.
package enum LoopThread {
    private static let isStarted: Void = Thread.detachNewThread { LoopActor.loop.run() }

    package static func start() { isStarted }
}
