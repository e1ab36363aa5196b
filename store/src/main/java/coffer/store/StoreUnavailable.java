package coffer.store;

/// The store could not be reached, did not answer in time, or said that it cannot serve now. May be retried.
///
/// After a failed `put` or `delete` the outcome is unknown: it may or may not have happened, and repeating is safe.
public final class StoreUnavailable extends StoreException {
    public StoreUnavailable(String message) {
        super(message);
    }

    public StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
