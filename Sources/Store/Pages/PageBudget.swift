import Redis

/// How much more of the worker's memory a page may use: each of a thousand works can have a mebibyte.
public struct PageBudget {
    private var bytes = mebibytesMax << 20

    /// Charges the memory of a reply.
    ///
    /// - Throws: ``StoreError/pageTooLarge(mebibytesMax:)`` when nothing is left.
    mutating func charge(_ reply: Reply) throws(StoreError) {
        bytes -= reply.byteCount
        if bytes < 0 { throw .pageTooLarge(mebibytesMax: Self.mebibytesMax) }
    }

    /// How large a page may be.
    public static let mebibytesMax = 8
}
