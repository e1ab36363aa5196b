package coffer.store;

/// The store understood and said no; the same call will be refused again. Nothing was changed.
public final class StoreRefused extends StoreException {

    /// Why it was refused.
    public enum Reason {
        /// The content given to `put` does not have the announced size or the SHA-256 of its name.
        CONTENT,
        /// The range does not lie inside the object.
        RANGE,
        /// The credentials or their rights do not suffice.
        ACCESS,
        /// The store's clock and ours differ too much for signed requests.
        CLOCK,
        /// The bucket or the root folder of the store is not there or is not usable.
        PLACE,
        /// The store does not accept the request for another reason.
        REQUEST
    }

    private final Reason reason;

    public StoreRefused(Reason reason) {
        super(message(reason));
        this.reason = reason;
    }

    public StoreRefused(Reason reason, Throwable cause) {
        super(message(reason), cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    private static String message(Reason reason) {
        return switch (reason) {
            case CONTENT -> "the content is not what the object's name and size announce";
            case RANGE -> "the range does not lie inside the object";
            case ACCESS -> "the store refused the credentials";
            case CLOCK -> "the store's clock and ours differ too much";
            case PLACE -> "the place of the store is missing or not usable";
            case REQUEST -> "the store refused the request";
        };
    }
}
