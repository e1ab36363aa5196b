package coffer.store;

/// The store has no room for the object. Nothing was stored; reading and deleting go on.
public final class StoreFull extends StoreException {
    public StoreFull() {
        super("the store has no room for this object");
    }

    public StoreFull(Throwable cause) {
        super("the store has no room for this object", cause);
    }
}
