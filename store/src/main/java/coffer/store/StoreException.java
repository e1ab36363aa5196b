package coffer.store;

import java.io.IOException;

/// A store failed, in one of five ways that ask for different reactions.
///
/// Messages are constant sentences, fit for counting and for logs; they hold no names, addresses or answers of the
/// provider. It is an [IOException] so that a [StoredStream] can throw it from `read`.
public abstract sealed class StoreException extends IOException
        permits ObjectMissing, StoreUnavailable, StoreRefused, StoreCorrupt, StoreFull {

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Whether the same call may succeed later with nothing else changed.
    public boolean mayRetry() {
        return switch (this) {
            case StoreUnavailable _ -> true;
            case ObjectMissing _, StoreRefused _, StoreCorrupt _, StoreFull _ -> false;
        };
    }
}
