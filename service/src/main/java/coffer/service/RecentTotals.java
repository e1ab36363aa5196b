package coffer.service;

import java.util.function.DoubleSupplier;
import java.util.function.ToLongFunction;

/// The storage's totals, asked for at most every few seconds: they cost a walk over all logs.
final class RecentTotals {

    private static final long ASK_EVERY_NANOS = 5_000_000_000L;
    private static final LogStorage.Totals NONE = new LogStorage.Totals(0, 0, 0, 0, 0);

    private final LogStorage storage;
    private LogStorage.Totals totals = NONE;
    private long askedAt;
    private boolean asked;

    RecentTotals(LogStorage storage) {
        this.storage = storage;
    }

    /// One of the totals; not a number if the storage cannot say.
    DoubleSupplier gauge(ToLongFunction<LogStorage.Totals> value) {
        return () -> {
            try {
                return value.applyAsLong(totals());
            } catch (StorageException e) {
                return Double.NaN;
            }
        };
    }

    private synchronized LogStorage.Totals totals() throws StorageException {
        long now = System.nanoTime();
        if (!asked || now - askedAt > ASK_EVERY_NANOS) {
            totals = storage.totals();
            asked = true;
            askedAt = now;
        }
        return totals;
    }
}
