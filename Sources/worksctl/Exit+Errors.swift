import Glibc
import Program
import Redis
import Store

extension Exit {
    /// The exit for any error that a command throws.
    init(_ error: any Error) {
        switch error {
        case let exit as Exit: self = exit
        case let error as StoreError: self.init(error)
        case let error as RedisError: self.init(error)
        default: self = .failed("\(error)")
        }
    }

    private init(_ error: StoreError) {
        let isAway = error == .unreachable || error == .silent
        self = isAway ? .unavailable(error.description) : .failed(error.description)
    }

    private init(_ error: RedisError) {
        switch error {
        case .disconnected, .overloaded, .connectionLost, .timedOut: self = .unavailable(error.description)
        case .rejected: self = .failed(error.description)
        }
    }
}
