import Glibc

/// Ends whatever a test process leaves behind, however that process ends.
///
/// A small shell script reads from a pipe what must be ended. When the pipe closes, because the test process has
/// finished, crashed or been killed, it kills the process groups still registered and removes the scratch directories.
/// It runs in a process group of its own, so an interrupt at the terminal does not reach it first.
final class Reaper: Sendable {
    static let shared = Reaper()

    private let pipe: Int32

    private static let script = """
        trap '' INT TERM HUP
        groups=' ' directories=
        while read -r verb what; do
            case $verb in
                begin) groups="$groups$what " ;;
                end) groups="${groups%% "$what" *} ${groups#* "$what" }" ;;
                remove) directories="$directories $what" ;;
            esac
        done
        for group in $groups; do kill -s KILL -- "-$group"; done
        rm -rf $directories
        """

    private init() {
        let ends = Inheritance.kept {
            var ends: [Int32] = [-1, -1]
            return Glibc.pipe(&ends) == 0 ? ends : []
        }
        guard ends.count == 2 else { fatalError("\(SystemError("pipe"))") }
        pipe = ends[1]
        do {
            _ = try spawnProcess(
                "/bin/sh",
                ["-c", Self.script],
                environment: ["PATH=/usr/bin:/bin"],
                output: "/dev/null",
                descriptors: [(child: 0, own: ends[0])]
            )
        } catch {
            fatalError("\(error)")
        }
        close(ends[0])
    }

    func began(_ group: pid_t) { say("begin \(group)") }

    func ended(_ group: pid_t) { say("end \(group)") }

    func willRemove(_ directory: String) { say("remove \(directory)") }

    /// A line is far shorter than the longest atomic write to a pipe, so threads need no lock.
    private func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(pipe, bytes, bytes.count)
    }
}
