import Foundation
import TestSupport
import Testing
import Wording

@testable import API

/// The sentences of nginx's own refusals are those of the service.
struct NginxSentencesTests {
    /// The two for which nginx has its own sentence: here it is nginx that waited.
    private static let ownSentences: Set = [FailureCode.noWorker, .storageSilent]

    @Test func areTheServicesOwnSentences() throws {
        let text = try ["deploy/nginx.conf", "deploy/nginx-answers.conf"].map { file in
            try String(contentsOfFile: Tools.repositoryFile(file), encoding: .utf8)
        }.joined()
        let sentences = text.matches(of: #/(?m)^ +([0-9]{6})(en|zh) "(.*)";$/#).map(\.output)
        #expect(!sentences.isEmpty)
        for (_, number, language, sentence) in sentences {
            let code = try #require(Int(number).flatMap(FailureCode.init(rawValue:)), "\(number)")
            if Self.ownSentences.contains(code) { continue }
            #expect(sentence == code.message(in: language == "en" ? .english : .chinese))
        }
        // Each code with an error page has a sentence in either language, and no other code has one.
        let pages = Set(text.matches(of: #/error_page .* /\.nginx/([0-9]{6});/#).map(\.output.1))
        #expect(Set(text.matches(of: #//\.nginx/[0-9]{6} ([0-9]{6});/#).map(\.output.1)) == pages)
        for language in ["en", "zh"] {
            #expect(Set(sentences.filter { $0.2 == language }.map(\.1)) == pages)
        }
    }
}
