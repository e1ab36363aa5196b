package coffer.store;

/// The store gave bytes that are not the object: altered, cut, too long, or an answer that its protocol does not allow.
///
/// Never retried away: another copy is wanted, and the event is worth reporting.
public final class StoreCorrupt extends StoreException {
    public StoreCorrupt(String message) {
        super(message);
    }

    public StoreCorrupt(String message, Throwable cause) {
        super(message, cause);
    }
}
