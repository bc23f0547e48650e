/// Prometheus' text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats).
struct Exposition {
    private(set) var bytes: [UInt8] = []

    mutating func family(_ name: String, _ type: String, _ help: String) {
        line("# HELP \(name) \(help)")
        line("# TYPE \(name) \(type)")
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        line(labels.isEmpty ? "\(name) \(value)" : "\(name){\(list)} \(value)")
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        single(name, "gauge", help, String(value))
    }

    mutating func gauge(_ name: String, _ help: String, microseconds: Int) {
        single(name, "gauge", help, Self.seconds(microseconds))
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int) {
        single(name, "counter", help, String(value))
    }

    mutating func counter(_ name: String, _ help: String, microseconds: Int) {
        single(name, "counter", help, Self.seconds(microseconds))
    }

    /// A family of one sample without labels.
    private mutating func single(_ name: String, _ type: String, _ help: String, _ value: String) {
        family(name, type, help)
        sample(name, [], value)
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A duration, or a time since the beginning of 1970, in seconds with all its digits.
    static func seconds(_ microseconds: Int) -> String {
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
