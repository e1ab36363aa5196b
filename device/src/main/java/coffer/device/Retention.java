package coffer.device;

import coffer.core.CofferException;
import java.time.InstantSource;

/// What is too old to be kept: what happened before both limits (docs/spec/tree.md, "Versions and trash").
///
/// @param seenMs  trusted time before which something must have been seen here
/// @param timeMs  claimed time before which it must have happened
record Retention(long seenMs, long timeMs) {

    /// SQL that is true of an `applied` row `a` that is too old; takes [#seenMs] and [#timeMs]. A missing row is not.
    static final String EXPIRED = "(a.seen_ms <= ? AND a.time_ms <= ?)";

    /// As of now; moves the trusted clock.
    static Retention now(ReplicaDb db, InstantSource clock) throws CofferException {
        long wallMs = clock.millis();
        long trustedMs = db.write(tx -> TrustedClock.tick(tx, wallMs));
        return new Retention(trustedMs - Replica.KEPT.toMillis(), wallMs - Replica.KEPT.toMillis());
    }
}
