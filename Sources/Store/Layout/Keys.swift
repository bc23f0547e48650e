public import Works

/// The whole key layout of the store, version ``schemaVersion``.
///
/// Every key starts with the hash tag `{0}`: all keys of a partition share a slot, so that one function call can use
/// them together and Redis Cluster remains possible. For a work `w1` of user `ann`, status 1, hourly:
///
/// ```
/// {0}:schema            hash     version of this layout, the secret of the cursors, and the instance: a name drawn for
///                                this store, see ``Marker``
/// {0}:seq               counter  the last number drawn for a work
/// {0}:w:w1              hash     the work: its fields that are not blank, times in milliseconds; version, seq, idem;
///                                name_folded and description_folded where they differ from the texts themselves
/// {0}:t:w1:t1           hash     a task of the work
/// {0}:wt:w1             zset     the work's tasks by start
/// {0}:wt:w1:3           zset     those of them with status 3
/// {0}:purging           zset     the works whose tasks are being removed, by the time at which that began; the hash of
///                                such a work is a tombstone
/// {0}:c:                zset     all live works by creation
/// {0}:c:u=ann:s=1       zset     those of user ann with status 1, and so on: 8 sets by creation (c), 8 by last change
///                                (u); a work in the trash is in 8 sets by deletion (d) instead
/// {0}:n:0               hash     the ids of 128 works by number; a field is the low 7 bits of the number
/// {0}:p:n=订单:0        set      the postings of a term in a block of 32768 numbers: the low 15 bits of the numbers of
///                                the works that have the term
/// {0}:i:<hex>           hash     what an Idempotency-Key was used for; expires
/// ```
///
/// Scores are whole seconds, because times are compared as clients see them; equal scores are ordered by id.
///
/// The number of a work is its rank in the order of creation in this store (`seq` in its hash). The terms of a work,
/// live or in the trash, are
///
/// ```
/// n=订 n=订单   each gram of its folded name, and d=… of its folded description (see ``Gram``)
/// N=<hash>      its whole name, and D=<hash> its whole description
/// u=ann s=1 f=hourly
/// l or t        live, or in the trash
/// ```
///
/// Redis keeps a posting set as an array of 2-byte integers, as long as `set-max-intset-entries` allows its size. The
/// block follows the last colon, so a term may contain colons.
public enum Keys {
    public static let schemaVersion = 1

    public static let schema = "{0}:schema"
    public static let sequence = "{0}:seq"
    static let purging = "{0}:purging"
    /// A key that never exists.
    static let nowhere = "{0}:nowhere"
    /// The prefix of the key of a work; its id follows.
    public static let workPrefix = "{0}:w:"

    public static func work(_ id: WorkID) -> String {
        workPrefix + id.text
    }

    /// The prefix of the keys of a work's tasks; the id of the task follows.
    public static func runPrefix(_ work: WorkID) -> String {
        "{0}:t:" + work.text + ":"
    }

    public static func run(_ id: RunID, of work: WorkID) -> String {
        runPrefix(work) + id.text
    }

    /// The tasks of a work, all or those with one status.
    public static func runs(of work: WorkID, status: Status? = nil) -> String {
        "{0}:wt:" + work.text + (status.map { ":\($0.number)" } ?? "")
    }

    /// The prefix of the key of a posting set; the term, ``blockSeparator`` and the block follow.
    public static let postingPrefix = "{0}:p:"
    static let blockSeparator = ":"

    /// The posting set of a term in the block of a work's number.
    static func posting(_ term: Term, block: Int) -> String {
        postingPrefix + term.text + blockSeparator + String(block)
    }

    /// The highest number of a work: Lua calculates with numbers of this size.
    static let numberMax = 1 << 52

    /// How many numbers a block has.
    public static let blockSize = 32_768

    /// The prefix of the key of a hash of ids; the number, divided by ``idsPerHash``, follows.
    public static let idsPrefix = "{0}:n:"

    /// The hash that contains the id of the work with this number.
    public static func ids(_ number: Int) -> String {
        idsPrefix + String(number / idsPerHash)
    }

    public static let idsPerHash = 128

    public static func idempotency(_ fingerprint: String) -> String {
        "{0}:i:" + fingerprint
    }

    /// What a family of sorted sets is ordered by.
    public enum Family: String, Sendable, CaseIterable {
        case created = "c"
        case updated = "u"
        case deleted = "d"
    }

    /// The sorted set of the works that have all the given attributes; nil means any.
    public static func index(_ family: Family, userID: String?, status: Status?, frequency: RunFrequency?) -> String {
        var parts: [String] = []
        if let userID { parts.append("u=" + escaped(userID)) }
        if let status { parts.append("s=\(status.number)") }
        if let frequency { parts.append("f=" + frequency.rawValue) }
        return "{0}:" + family.rawValue + ":" + parts.joined(separator: ":")
    }

    /// Unescaped, a colon in a user id would yield the key of another set.
    private static func escaped(_ userID: String) -> String {
        guard userID.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "%") }) else { return userID }
        var bytes: [UInt8] = []
        for byte in userID.utf8 {
            switch byte {
            case UInt8(ascii: "%"): bytes += Array("%25".utf8)
            case UInt8(ascii: ":"): bytes += Array("%3A".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
