import Glibc

/// Starts a program in a process group of its own with default signals; both outputs are appended to one file.
///
/// Besides the standard three, it inherits only `descriptors`: all of the tests' own are close-on-exec.
func spawnProcess(
    _ executable: String,
    _ arguments: [String],
    environment: [String],
    output: String,
    descriptors: [(child: Int32, own: Int32)] = []
) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    for (child, own) in descriptors { posix_spawn_file_actions_adddup2(&actions, own, child) }

    var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) }
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) }
    defer { (words + variables).forEach { free($0) } }
    words.append(nil)
    variables.append(nil)

    var pid: pid_t = 0
    let failure = Inheritance.lock.withLock { _ in
        posix_spawn(&pid, executable, &actions, &attributes, words, variables)
    }
    guard failure == 0 else { throw SystemError("cannot start \(executable)", failure) }
    return pid
}
