package coffer.service;

import java.util.concurrent.TimeUnit;

/// Holds background work to a number of bytes per second on average, so that people's transfers keep their room.
final class Pace {

    private final long bytesPerSecond;
    private long freeAtNanos = System.nanoTime();

    /// @param bytesPerSecond 0 for no bound
    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Waits until that many more bytes may go.
    void take(long bytes) throws InterruptedException {
        if (bytesPerSecond > 0) {
            TimeUnit.NANOSECONDS.sleep(reserve(bytes));
        }
    }

    private synchronized long reserve(long bytes) {
        long now = System.nanoTime();
        long start = Math.max(now, freeAtNanos);
        freeAtNanos = start + (long) (bytes * 1e9 / bytesPerSecond);
        return start - now;
    }
}
