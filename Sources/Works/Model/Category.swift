/// What a work is written in; it never changes.
///
/// `FLNK_JAR` is the spelling of the first published API. Both spellings are accepted, and each is returned as it was
/// sent.
public enum Category: String, CaseIterable, Sendable {
    case flinkSQL = "FLINK_SQL"
    case flnkJar = "FLNK_JAR"
    case flinkJar = "FLINK_JAR"
}
