import Bytes
import Glibc

/// Why a program fails: a sentence for standard error, and an exit status from sysexits.h.
public struct Exit: Error, Equatable {
    public let sentence: String
    public let status: Int32

    public init(_ sentence: String, status: Int32) {
        self.sentence = sentence
        self.status = status
    }

    /// The program ran, but its result is negative.
    public static func failed(_ sentence: String) -> Exit {
        Exit(sentence, status: EXIT_FAILURE)
    }

    /// The command line or a setting is wrong.
    public static func usage(_ sentence: String) -> Exit {
        Exit(sentence, status: EX_USAGE)
    }

    /// A service that the program needs does not answer.
    public static func unavailable(_ sentence: String) -> Exit {
        Exit(sentence, status: EX_UNAVAILABLE)
    }

    /// The reader of standard output has seen enough, as in `worksctl export | head`: no reason for a message.
    ///
    /// The status is the one that a shell shows for a program that SIGPIPE ended.
    public static let readerGone = Exit("", status: 128 + SIGPIPE)

    /// Prints `PROGRAM: SENTENCE` as one line on standard error, unless the sentence is empty, and ends the process.
    public func end(_ program: String) -> Never {
        if !sentence.isEmpty { Output.error.tell("\(program): \(sentence.printable(upTo: Self.sentenceMax))\n") }
        exit(status)
    }

    private static let sentenceMax = 2000
}
