package coffer.store;

/// What a store says about an object it holds: a hint, proven only by reading the object.
public record ObjectInfo(ObjectName name, long size) {
    public ObjectInfo {
        if (size < 0) {
            throw new IllegalArgumentException("negative size");
        }
    }
}
