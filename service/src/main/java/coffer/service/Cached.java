package coffer.service;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A value that is costly to compute and asked for often: computed by one caller at a time, kept for a moment, and longer the
/// longer computing it takes.
final class Cached<T> {

    private static final long LIFE_NS = TimeUnit.SECONDS.toNanos(1);

    /// Computing takes at most one part in so many of the time.
    private static final long SHARE = 10;

    @FunctionalInterface
    interface Source<T> {
        T compute() throws StorageException;
    }

    private record Kept<T>(T value, long goodUntilNs, long changes) {}

    private final Source<T> source;
    private volatile long changes;
    private @Nullable Kept<T> kept; // guarded by this

    Cached(Source<T> source) {
        this.source = source;
    }

    /// What was computed is not so any more.
    void forget() {
        changes = System.nanoTime();
    }

    synchronized T get() throws StorageException {
        Kept<T> known = kept;
        long start = System.nanoTime();
        if (known != null && known.changes() == changes && start - known.goodUntilNs() < 0) {
            return known.value();
        }
        long before = changes;
        T value = source.compute();
        long end = System.nanoTime();
        kept = new Kept<>(value, end + Math.max(LIFE_NS, SHARE * (end - start)), before);
        return value;
    }
}
