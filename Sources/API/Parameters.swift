import Bytes
import HTTP
import Works

/// The query of a request: known parameters, each at most once, but for lists.
///
/// A list may be written in one parameter, `status=1,2`, and in several, `status=1&status=2`, which is how many clients
/// write an array. A parameter with an empty value counts as absent, also beside others of its name.
struct Parameters {
    private let parameters: [Query.Parameter]

    /// Reads a query.
    ///
    /// - Parameters:
    ///   - text: the query as it was sent.
    ///   - single: the parameters that are accepted once.
    ///   - lists: the parameters that may be repeated.
    /// - Throws: the fault of the first parameter that is not accepted.
    init(_ text: String?, single: [String], lists: [String] = []) throws(Failure) {
        do throws(Query.Malformed) {
            parameters = try Query(text).parameters
        } catch {
            throw .queryMalformed
        }
        for (index, parameter) in parameters.enumerated() {
            let isList = lists.contains(parameter.name)
            guard isList || single.contains(parameter.name) else {
                throw .parameterUnknown(parameter.name, accepted: (single + lists).sorted())
            }
            guard isList || !parameters[..<index].contains(where: { $0.name == parameter.name }) else {
                throw .parameterRepeated(parameter.name)
            }
            if parameter.value.utf8.contains(0) { throw .parameterRefused(parameter.name, .holdsNUL) }
        }
    }

    /// The value of a parameter; nil if it is absent.
    subscript(_ name: String) -> String? {
        values(name).first
    }

    private func values(_ name: String) -> [String] {
        parameters.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// A text of at most `scalarsMax` Unicode scalars.
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
            throw .parameterRefused(name, .not(.integer(range)))
        }
        return number
    }

    func flag(_ name: String) throws(Failure) -> Bool {
        switch self[name] {
        case nil, "false": return false
        case "true": return true
        default: throw .parameterRefused(name, .not(.oneOf(["true", "false"])))
        }
    }

    /// The values of a list, in the order of `accepted` and without repetition; empty if it is absent.
    func list<Value>(_ name: String, accepted: [String], _ value: (String) -> Value?) throws(Failure) -> [Value] {
        // Bytes, not characters: a comma and a combining character after it are one character.
        let items = values(name).flatMap {
            $0.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        }
        let found = items.map { String(Substring($0)) }
        guard found.allSatisfy(accepted.contains) else { throw .parameterRefused(name, .not(.list(.oneOf(accepted)))) }
        return accepted.filter(found.contains).compactMap(value)
    }

    func statuses() throws(Failure) -> [Status] {
        try list("status", accepted: Self.statusTexts) { Int($0).flatMap(Status.init) }
    }

    private static let statusTexts = Status.range.map { String($0) }
}
