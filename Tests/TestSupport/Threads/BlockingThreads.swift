import Foundation

/// An executor that gives every job a thread of its own, so that tests may block: on sockets, processes, pauses.
///
/// Tests of whole processes spend their time waiting. Swift's global pool is as wide as the machine has cores, so a few
/// of them would stop every other test of the run; here a waiting test costs one sleeping thread. Child tasks inherit
/// the executor, so clients that run in parallel are task groups of ordinary blocking code.
package final class BlockingThreads: TaskExecutor {
    package static let shared = BlockingThreads()

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
