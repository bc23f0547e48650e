import CLinux
import Glibc

/// Signals as events of the loop.
@LoopActor public enum Signals {
    /// Calls `handler` on the loop each time the process receives one of `numbers`.
    ///
    /// From here on, the signals are blocked for this thread and for threads that it starts.
    public static func on(_ numbers: [Int32], handler: @escaping @LoopActor (Int32) -> Void) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        precondition(descriptor >= 0, "no descriptor left for signals")
        Watch(descriptor, for: .readable) { _ in
            var info = signalfd_siginfo()
            let size = MemoryLayout<signalfd_siginfo>.size
            while read(descriptor, &info, size) == size {
                handler(Int32(info.ssi_signo))
            }
        }
    }

    /// Makes a write to a socket that the peer has closed fail with `EPIPE` instead of ending the process.
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
