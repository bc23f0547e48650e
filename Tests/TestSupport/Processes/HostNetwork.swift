import Glibc

/// Hosts on a private network, so that a test can cut one off as a broken cable does: what is sent to it disappears.
///
/// Each host is a network namespace, and all are in a user namespace, so nobody needs to be root. They have no names
/// outside and end with their processes. Files, and with them unix sockets, are shared by all hosts and the tests.
package final class HostNetwork: Sendable {
    package let hosts: [NetworkHost]
    private let child: Child
    private let outside: NetworkHost

    /// Makes the hosts, with the addresses 10.77.0.1 and up.
    package init(hosts count: Int, in directory: ScratchDirectory) throws {
        let words = ["--user", "--map-root-user", "--net", "/bin/sh", "-c", Self.script, "network", "\(count)"]
        let path = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        _ = try Tools.system("ip")
        let log = directory.file("network.log")
        let child = try Child("unshare", try Tools.system("unshare"), words, environment: path, log: log)
        self.child = child
        try eventually("the hosts are there") {
            guard child.isRunning else { throw Missing("network namespaces cannot be made here:\n\(child.output())") }
            return child.output().hasSuffix("\nready\n")
        }
        let lines = child.output().split(separator: "\n")
        let processes = lines.compactMap { line in line.wholeMatch(of: #/host (\d+)/#).flatMap { pid_t($0.1) } }
        hosts = processes.enumerated().map { index, process in NetworkHost(number: index + 1, process: process) }
        outside = NetworkHost(number: 0, process: child.pid)
    }

    /// Makes a switch, and for each host a process in a network namespace of its own, with a cable to the switch.
    private static let script = """
        set -eu
        ip link set lo up
        ip link add switch type bridge
        ip link set switch up
        here=$(readlink /proc/$$/ns/net)
        number=1
        while [ $number -le $1 ]; do
            unshare --net sleep infinity &
            while [ "$(readlink /proc/$!/ns/net)" = "$here" ]; do :; done
            ip link add port$number type veth peer name eth0 netns $!
            ip link set port$number master switch up
            nsenter --net --target $! ip link set lo up
            nsenter --net --target $! ip address add 10.77.0.$number/24 dev eth0
            nsenter --net --target $! ip link set eth0 up
            echo host $!
            number=$((number + 1))
        done
        echo ready
        wait
        """

    /// Lets everything that is sent to or by the host disappear; its interface stays up.
    package func cutOff(_ host: NetworkHost) throws { try ip("link", "set", "port\(host.number)", "nomaster") }

    /// Undoes ``cutOff(_:)``.
    package func rejoin(_ host: NetworkHost) throws { try ip("link", "set", "port\(host.number)", "master", "switch") }

    private func ip(_ words: String...) throws {
        let ip = try Child("ip", try Tools.system("ip"), words, log: child.log, on: outside)
        guard try ip.wait() == .exited(0) else { throw Missing("ip \(words):\n\(ip.output())") }
    }
}

/// One host of a ``HostNetwork``.
package struct NetworkHost: Sendable {
    let number: Int
    /// A process in its namespaces.
    let process: pid_t

    package var address: String { "10.77.0.\(number)" }

    /// The command that runs a program on this host.
    func command(_ executable: String, _ arguments: [String]) throws -> (executable: String, arguments: [String]) {
        let words = ["--preserve-credentials", "--user", "--net", "--target", "\(process)", "--", executable]
        return (try Tools.system("nsenter"), words + arguments)
    }
}
