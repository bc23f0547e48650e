import Program
import Testing

@testable import works_worker
@testable import worksctl

/// What a message may repeat of an argument or a variable.
struct QuotableTextTests {
    @Test(arguments: [
        ("verify", "verify"), ("", ""), ("127.0.0.1:x", "127.0.0.1:x"), ("unix:/run/w.sock", "unix:/run/w.sock"),
        ("https://tools.corp/x", "https://tools.corp/x"),
        ("redis://u:hush@host:6379/0", "redis://u:***@host:6379/0"),
        ("redis://:hush@host", "redis://:***@host"),
        ("redis://hush@host", "redis://***@host"),
        ("redis://u:hu:sh@hu/sh@host", "redis://u:***@host"),
        ("unix://u:hush@/run/redis.sock?db=0", "unix://u:***@/run/redis.sock?db=0"),
        ("u:hush@host", "u:***@host"),
        ("hush@redis://host", "***@redis://host"),
        ("--redis://u:hush", "--redis://u:***"),
        ("https://a:hush@b,https://c:hush@d", "https://a:***@d"),
        ("a\u{1B}[2J\nb", "a?[2J?b"),
    ])
    func aPasswordIsReplaced(_ text: String, _ quotable: String) {
        #expect(text.quotable == quotable)
    }

    private static let urls = [
        "redis://works:hush@127.0.0.1:x", "redis://works:hush", "unix://:hush@a", "works:hush@localhost:6379",
        "redis://works:hu:hush@h/hush@host#",
    ]

    /// A URL may stand wherever another value, flag or word belongs.
    @Test(arguments: urls) func noRefusalOfAWorkerTellsAPassword(_ url: String) {
        var lines = [[url], ["--" + url], ["--" + url + "=1"], ["--no-such-flag", url], ["--no-such-flag=" + url]]
        lines += Settings.options.flatMap { [[$0.flag, url], ["\($0.flag)=\(url)"], [$0.flag, url, $0.flag, url]] }
        for words in lines {
            let refusal = #expect(throws: Exit.self) { try Settings.read(words, environment: { _ in nil }) }
            #expect(refusal?.sentence.contains("hush") == false, "\(words)")
        }
        for variable in Settings.options.compactMap(\.variable) {
            let refusal = #expect(throws: Exit.self) {
                try Settings.read([], environment: { $0 == variable ? url : nil })
            }
            #expect(refusal?.sentence.contains("hush") == false, "\(variable)")
        }
        #expect(!Variables.warnings(about: ["WORKS_" + url]).joined().contains("hush"))
    }

    @Test(arguments: urls) func noRefusalOfTheOperatorsToolTellsAPassword(_ url: String) {
        var lines = [[url], ["verify", url], ["--" + url], ["verify", "--redsi", url], ["help", url]]
        lines += [["--redis", url, "verify"], ["verify", "--redis=\(url)", "--redis=\(url)"]]
        for subcommand in Invocation.subcommands {
            lines += subcommand.flags.map { [subcommand.name, $0, url] }
        }
        for words in lines {
            let refusal = #expect(throws: Exit.self) { try Invocation.read(words, environment: { _ in nil }) }
            #expect(refusal?.sentence.contains("hush") == false, "\(words)")
        }
        let refusal = #expect(throws: Exit.self) { try Invocation.read(["verify"], environment: { _ in url }) }
        #expect(refusal?.sentence.contains("hush") == false)
    }
}
