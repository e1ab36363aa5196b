package coffer.service.evaluation;

import coffer.store.ObjectMissing;
import coffer.store.StoreCorrupt;
import coffer.store.StoreException;
import coffer.store.StoreFull;
import coffer.store.StoreRefused;
import coffer.store.StoreUnavailable;

/// How one call was answered.
public enum Result {
    /// As it should be.
    RIGHT,
    /// Not reached, no answer in time, or "not now".
    UNAVAILABLE,
    /// A no to a request that was right.
    REFUSED,
    /// No room.
    FULL,
    /// An object that was stored is denied.
    MISSING,
    /// Wrong bytes, a wrong size, an object that was deleted, or an answer that no sound store gives.
    WRONG;

    static Result of(StoreException e) {
        return switch (e) {
            case ObjectMissing _ -> MISSING;
            case StoreUnavailable _ -> UNAVAILABLE;
            case StoreRefused _ -> REFUSED;
            case StoreFull _ -> FULL;
            case StoreCorrupt _ -> WRONG;
        };
    }

    /// Whether the endpoint did not serve, as against served wrongly.
    boolean isOutage() {
        return switch (this) {
            case UNAVAILABLE, REFUSED, FULL -> true;
            case RIGHT, MISSING, WRONG -> false;
        };
    }
}
