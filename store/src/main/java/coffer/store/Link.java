package coffer.store;

/// A connection of limited bandwidth that all transfers share: pure arithmetic over a clock that the caller reads.
final class Link {

    private final long bytesPerSecond;
    private long freeAt = Long.MIN_VALUE;

    Link(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bandwidth is positive");
        }
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Books the link for `bytes` and returns the nanoseconds from `now` until they are through.
    synchronized long book(long now, long bytes) {
        long start = Math.max(freeAt, now);
        freeAt = start + (long) (bytes * 1e9 / bytesPerSecond);
        return freeAt - now;
    }
}
