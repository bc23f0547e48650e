/// The lengths of texts, in Unicode scalars.
///
/// An empty text in an optional field is a blank one whatever its limits.
package enum TextLengths {
    package static let userID = 1...128
    package static let name = 1...255
    package static let description = 0...4096
    package static let lambdaID = 1...128
    package static let workDirectory = 0...1024
    package static let mainClassName = 0...512
    package static let extraParam = 0...4096
    package static let javaVersion = 0...32
}
