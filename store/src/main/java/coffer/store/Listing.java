package coffer.store;

/// What all implementations of `list` share.
final class Listing {

    private Listing() {}

    static void requireArguments(String prefix, String after, int limit) {
        if (!ObjectName.isPrefix(prefix) || !ObjectName.isPrefix(after)) {
            throw new IllegalArgumentException("prefix and after are starts of object names");
        }
        if (limit < 1 || limit > ObjectStore.LIST_MAX) {
            throw new IllegalArgumentException("limit out of range");
        }
    }

    /// The least name that a listing with these arguments can hold, or a smaller one.
    static ObjectName first(String prefix, String after) {
        String start = prefix.compareTo(after) > 0 ? prefix : after;
        return ObjectName.parse(start + "0".repeat(ObjectName.TEXT_LENGTH - start.length()));
    }
}
