import Glibc

/// What `works-worker` and `worksctl` share.
public enum Program {
    /// The version of both programs and of the API's document.
    public static let version = "1.0.0"

    /// The value of an environment variable; nil if it is not set.
    public static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
