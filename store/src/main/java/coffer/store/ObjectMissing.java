package coffer.store;

/// The store says that it has no object of that name.
public final class ObjectMissing extends StoreException {
    public ObjectMissing() {
        super("the store does not hold this object");
    }
}
