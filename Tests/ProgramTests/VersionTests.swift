import Foundation
import JSON
import Program
import TestSupport
import Testing

/// Both programs have one version by their code; the API's document repeats it.
struct VersionTests {
    @Test func theDocumentHasTheVersionOfThePrograms() throws {
        let document = try Tools.repositoryFile("Sources/API/openapi.json")
        let members = try JSONReader.object(Array(try Data(contentsOf: URL(fileURLWithPath: document))))
        guard case .object(let info)? = members.first(where: { $0.name == "info" })?.value else {
            Issue.record("the document has no info")
            return
        }
        #expect(info.first { $0.name == "version" }?.value == .string(Program.version))
    }
}
