import Bytes
import HTTP
import Works

/// The query of a request: known parameters, each at most once.
///
/// One with an empty value counts as absent.
struct Parameters {
    /// A handful at most, so that comparing beats hashing.
    private var pairs: [(name: String, value: String)] = []

    init(_ text: String?, known: [String]) throws(Failure) {
        let query: Query
        do throws(Query.Malformed) {
            query = try Query(text)
        } catch {
            throw .queryMalformed
        }
        for parameter in query.parameters {
            guard known.contains(parameter.name) else {
                throw .parameterUnknown(parameter.name, accepted: known.sorted())
            }
            guard !pairs.contains(where: { $0.name == parameter.name }) else {
                throw .parameterRepeated(parameter.name)
            }
            if parameter.value.utf8.contains(0) { throw .parameterRefused(parameter.name, .holdsNUL) }
            pairs.append((parameter.name, parameter.value))
        }
    }

    /// The value of a parameter; nil if it is absent.
    subscript(_ name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// A text of at most so many scalars.
    func text(_ name: String, upTo scalarsMax: Int) throws(Failure) -> String? {
        guard let text = self[name] else { return nil }
        guard text.unicodeScalars.count <= scalarsMax else {
            throw .parameterRefused(name, .tooLong(max: scalarsMax))
        }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(Failure) -> Int {
        guard let text = self[name] else { return standard }
        guard let number = Int(digits: text), range.contains(number) else {
            throw .parameterRefused(name, .notAnInteger(range))
        }
        return number
    }

    func flag(_ name: String) throws(Failure) -> Bool {
        switch self[name] {
        case nil, "false": return false
        case "true": return true
        default: throw .parameterRefused(name, .notOneOf(["true", "false"]))
        }
    }

    /// A comma list of values, sorted and each once; empty if the parameter is absent.
    func list<Value>(_ name: String, accepted: [String], _ value: (String) -> Value?) throws(Failure) -> [Value] {
        guard let text = self[name] else { return [] }
        // Bytes, not characters: a combining character behind a comma would be one with it.
        let items = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let found = items.map { String(Substring($0)) }
        guard found.allSatisfy(accepted.contains) else { throw .parameterRefused(name, .notOneOf(accepted)) }
        return accepted.filter(found.contains).compactMap(value)
    }

    func statuses() throws(Failure) -> [Status] {
        try list("status", accepted: Self.statusTexts) { Int($0).flatMap(Status.init) }
    }

    private static let statusTexts = (0...7).map { String($0) }
}
