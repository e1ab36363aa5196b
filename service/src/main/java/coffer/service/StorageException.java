package coffer.service;

/// The storage engine failed; nothing of the call was acknowledged.
final class StorageException extends Exception {

    /// Why it failed, as far as the caller must know.
    enum Reason {
        /// There is no room on the disk; reading goes on.
        FULL,
        /// Too much is waiting; the same call may succeed later.
        BUSY,
        /// Anything else; the same call may succeed later.
        FAILED
    }

    private final Reason reason;

    StorageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    StorageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
