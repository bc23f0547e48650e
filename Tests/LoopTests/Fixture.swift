import Glibc
import Loop
import TestSupport

/// The two non-blocking ends of a stream socket; those still open are closed with this object.
@LoopActor final class SocketPair {
    let near: Int32
    let far: Int32
    private var isFarOpen = true
    private var isNearOpen = true

    init() throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemError("socketpair") }
        near = ends[0]
        far = ends[1]
    }

    isolated deinit {
        closeNear()
        closeFar()
    }

    /// Sends one byte from the far end.
    func send() {
        var byte: UInt8 = 1
        _ = write(far, &byte, 1)
    }

    /// Reads what has arrived at the near end and returns its size; nil at the end of the stream.
    func receive() -> Int? {
        var room = [UInt8](repeating: 0, count: 65536)
        let count = read(near, &room, room.count)
        return count == 0 ? nil : max(0, count)
    }

    /// Sends from the near end until the socket is full.
    func fill() {
        let bytes = [UInt8](repeating: 0, count: 65536)
        while write(near, bytes, bytes.count) > 0 {}
    }

    /// Reads all that has arrived at the far end.
    func emptyFar() {
        var room = [UInt8](repeating: 0, count: 65536)
        while read(far, &room, room.count) > 0 {}
    }

    func closeNear() {
        if isNearOpen { close(near) }
        isNearOpen = false
    }

    func closeFar() {
        if isFarOpen { close(far) }
        isFarOpen = false
    }
}

/// The number of steps with which a test tries to starve the loop before it gives up.
///
/// A correct loop attends to its descriptors and timers thousands of times in between.
let stormMax = 5_000_000

/// A variable that a test shares with its handlers on the loop.
@LoopActor final class Shared<Value> {
    var value: Value

    init(_ value: Value) { self.value = value }
}
