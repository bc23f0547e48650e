import Foundation
import Loop

/// The thread that runs the event loop in a test process.
///
/// A worker's loop runs on the main thread. Tests do not control theirs, and a loop can run only once in a process, so
/// the first test that needs it starts it here, and it runs until the process ends.
package enum LoopThread {
    private static let isStarted: Void = Thread.detachNewThread { LoopActor.loop.run() }

    package static func start() { isStarted }
}
