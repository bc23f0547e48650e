/// What a work is written in; fixed when the work is created.
///
/// `FLNK_JAR` is how the API was first published. Both spellings are accepted, and each goes out as it came in.
package enum Category: String, CaseIterable, Sendable {
    case flinkSQL = "FLINK_SQL"
    case flnkJar = "FLNK_JAR"
    case flinkJar = "FLINK_JAR"
}
