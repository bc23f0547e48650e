import CLinux
import Glibc

/// What `works-worker` and `worksctl` share.
public enum Program {
    /// The version of both programs and of the API's document.
    public static let version = "1.0.0"

    /// The value of an environment variable; nil if it is not set.
    public static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The names of all environment variables.
    public static var environmentNames: [String] {
        var names: [String] = []
        var next = works_environment()
        while let entry = next?.pointee {
            names.append(String(String(cString: entry).prefix { $0 != "=" }))
            next = next?.advanced(by: 1)
        }
        return names
    }
}
