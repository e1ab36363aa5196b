package coffer.service.evaluation;

/// One thing that Coffer would rely on, asked of the live endpoint. Its answer is part of the provider's capability record;
/// what was not asked is not relied on.
public enum Check {
    /// Objects of several sizes come back as they were stored, and `stat` tells their size.
    ROUND_TRIP(Need.REQUIRED),
    /// Storing the same object again succeeds and changes nothing.
    STORE_AGAIN(Need.REQUIRED),
    /// Ranges are exact, and one outside the object is refused.
    RANGES(Need.REQUIRED),
    /// What was never written is said to be missing.
    ABSENT(Need.REQUIRED),
    /// What was deleted is gone, and deleting it again succeeds.
    DELETE(Need.REQUIRED),
    /// A listing in pages shows every object once, in order, with its size.
    LIST_PAGES(Need.REQUIRED),
    /// An upload grant admits what it was made for.
    UPLOAD_GRANT(Need.REQUIRED),
    /// A body of another SHA-256 is refused.
    UPLOAD_OTHER_BYTES(Need.REQUIRED),
    /// A body of another size is refused.
    UPLOAD_OTHER_SIZE(Need.REQUIRED),
    /// A grant with an altered signature is refused.
    UPLOAD_ALTERED(Need.REQUIRED),
    /// A grant for another object is refused.
    UPLOAD_OTHER_OBJECT(Need.REQUIRED),
    /// A grant for storing does not admit deleting.
    UPLOAD_OTHER_METHOD(Need.REQUIRED),
    /// A grant that ended is refused; asked only where the period is longer than such a grant.
    UPLOAD_EXPIRED(Need.IF_ASKED),
    /// A download grant gives the object.
    DOWNLOAD_GRANT(Need.REQUIRED),
    /// And exact ranges of it.
    DOWNLOAD_RANGE(Need.REQUIRED),
    /// A grant with an altered signature is refused.
    DOWNLOAD_ALTERED(Need.REQUIRED),
    /// A grant for another object is refused.
    DOWNLOAD_OTHER_OBJECT(Need.REQUIRED),
    /// A grant for reading admits neither deleting nor storing.
    DOWNLOAD_OTHER_METHOD(Need.REQUIRED),
    /// A grant that ended is refused.
    DOWNLOAD_EXPIRED(Need.REQUIRED),
    /// Without a grant nothing is read.
    ANONYMOUS_READ(Need.REQUIRED),
    /// `If-None-Match: *` on an object that is there answers 412. Coffer's content names make it unnecessary.
    CONDITIONAL_WRITE(Need.INFORMATION);

    /// What an answer means for the verdict.
    enum Need {
        /// It must be asked and hold.
        REQUIRED,
        /// If it is asked, it must hold.
        IF_ASKED,
        /// It only goes into the record.
        INFORMATION
    }

    private final Need need;

    Check(Need need) {
        this.need = need;
    }

    Need need() {
        return need;
    }
}
