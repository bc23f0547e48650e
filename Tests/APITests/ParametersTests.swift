import TestSupport
import Testing
import Works

@testable import API

/// The query of a request: which parameters are known, which are refused, and how values are read.
@Suite struct ParametersTests {
    private static let known = ["limit", "user_id", "purge", "status"]

    private static func read(_ query: String?) throws(Failure) -> Parameters {
        try Parameters(query, single: ["limit", "user_id", "purge"], lists: ["status"])
    }

    private static func refusal<Value>(_ body: () throws(Failure) -> Value) -> Failure? {
        do throws(Failure) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [nil, "", "limit=", "limit", "&&", "limit=&status=&user_id=&purge="])
    func whatIsEmptyCountsAsAbsent(query: String?) throws {
        let parameters = try Self.read(query)
        for name in Self.known { #expect(parameters[name] == nil) }
    }

    @Test func valuesAreDecoded() throws {
        let parameters = try Self.read("user_id=%E5%BC%A0+%2B%26%3D&limit=5")
        #expect(parameters["user_id"] == "张 +&=")
        #expect(parameters["limit"] == "5")
        #expect(parameters["status"] == nil)
    }

    @Test(arguments: ["colour=1", "colour=", "Limit=1", "limit=1&colour=1", "=1", "limit%00=1"])
    func whatIsUnknownIsRefused(query: String) throws {
        guard case .parameterUnknown(_, let accepted) = Self.refusal({ () throws(Failure) in try Self.read(query) })
        else {
            Issue.record("\(query) is accepted")
            return
        }
        #expect(accepted == Self.known.sorted())
    }

    @Test(arguments: [
        "limit=1&limit=1", "limit=1&limit=2", "limit=&limit=1", "limit=1&limit=", "limit=1&status=1&%6Cimit=1",
    ])
    func whatIsRepeatedIsRefused(query: String) {
        let refusal = Self.refusal { () throws(Failure) in try Self.read(query) }
        #expect(refusal == .parameterRepeated("limit"))
    }

    @Test(arguments: ["limit=%", "limit=%1", "limit=%zz", "%", "user_id=%FF", "user_id=%C3%28", "user_id=%ED%A0%80"])
    func malformedEscapesAreRefused(query: String) {
        let refusal = Self.refusal { () throws(Failure) in try Self.read(query) }
        #expect(refusal == .queryMalformed)
    }

    @Test(arguments: [("limit=0", 0), ("limit=1000", 1000), ("limit=007", 7), ("limit=", 10), ("", 10)])
    func integersAreRead(query: String, number: Int) throws {
        #expect(try Self.read(query).integer("limit", in: 0...1000, default: 10) == number)
    }

    @Test(arguments: [
        "1001", "-1", "+1", "1.0", "1e3", "0x1", " 1", "1%20", "٣", "99999999999999999999", "ten", "1,2",
    ])
    func otherNumbersAreRefused(text: String) throws {
        let parameters = try Self.read("limit=\(text)")
        let refusal = Self.refusal { () throws(Failure) in try parameters.integer("limit", in: 0...1000, default: 10) }
        #expect(refusal == .parameterRefused("limit", .not(.integer(0...1000))))
    }

    @Test(arguments: [("purge=true", true), ("purge=false", false), ("purge=", false), ("", false)])
    func flagsAreRead(query: String, value: Bool) throws {
        #expect(try Self.read(query).flag("purge") == value)
    }

    @Test(arguments: ["1", "0", "yes", "TRUE", "True", "true,false", "true%20"])
    func otherFlagsAreRefused(text: String) throws {
        let parameters = try Self.read("purge=\(text)")
        let refusal = Self.refusal { () throws(Failure) in try parameters.flag("purge") }
        #expect(refusal == .parameterRefused("purge", .not(.oneOf(["true", "false"]))))
    }

    @Test(arguments: [
        ("status=1", [1]), ("status=0", [0]), ("status=2,1", [1, 2]), ("status=1,1,1", [1]), ("status=7%2C0", [0, 7]),
        ("status=", []), ("", []),
    ])
    func commaListsAreSortedAndWithoutRepetition(query: String, numbers: [Int]) throws {
        #expect(try Self.read(query).statuses().map(\.number) == numbers)
    }

    @Test(arguments: [
        ("status=1&status=2", [1, 2]), ("status=2&limit=5&status=0", [0, 2]), ("status=1,2&status=3", [1, 2, 3]),
        ("status=3&status=1,2&status=3,0", [0, 1, 2, 3]), ("status=1&status=1", [1]), ("status=1&%73tatus=2", [1, 2]),
        ("status=1&status=", [1]), ("status=&status=1&status", [1]), ("status=&status=", []),
    ])
    func aRepeatedListIsTheUnionOfItsParts(query: String, numbers: [Int]) throws {
        #expect(try Self.read(query).statuses().map(\.number) == numbers)
    }

    @Test(arguments: ["1&status=8", "8&status=1", "1&status=1,", "1&status=%20", "&status=one"])
    func everyPartOfARepeatedListIsChecked(text: String) throws {
        let parameters = try Self.read("status=\(text)")
        let refusal = Self.refusal { () throws(Failure) in try parameters.statuses() }
        let numbers = (0...7).map(String.init)
        #expect(refusal == .parameterRefused("status", .not(.list(.oneOf(numbers)))))
    }

    @Test(arguments: ["8", "-1", "1,", ",1", ",", "1,,2", "1, 2", "1;2", "01", "one"])
    func otherListsAreRefused(text: String) throws {
        let parameters = try Self.read("status=\(text.replacing(" ", with: "%20"))")
        let refusal = Self.refusal { () throws(Failure) in try parameters.statuses() }
        let numbers = (0...7).map(String.init)
        #expect(refusal == .parameterRefused("status", .not(.list(.oneOf(numbers)))))
    }
}
