package coffer.service;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Token buckets by key: each fills at a steady rate up to its burst, and a request takes one token.
///
/// Bounded: a bucket that is full again says nothing and is dropped when there are many. Nothing is written down.
final class RateLimits {

    private static final int BUCKETS_MAX = 50_000;
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<Object, Bucket> buckets = new ConcurrentHashMap<>();

    /// @param nanos a clock that never goes back
    RateLimits(double perSecond, double burst, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
    }

    /// Takes a token, or says that there is none.
    boolean tryTake(Object key) {
        if (buckets.size() > BUCKETS_MAX) {
            long now = nanos.getAsLong();
            buckets.values().removeIf(bucket -> bucket.isFull(now));
        }
        return buckets.computeIfAbsent(key, absent -> new Bucket(nanos.getAsLong()))
                .tryTake(nanos.getAsLong());
    }

    /// After which time one token will be there.
    Duration retryAfter() {
        return Duration.ofMillis(Math.max(1_000, (long) (1_000 / perSecond)));
    }

    private final class Bucket {
        private double tokens = burst;
        private long filledAt;

        Bucket(long now) {
            filledAt = now;
        }

        synchronized boolean tryTake(long now) {
            fill(now);
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }

        synchronized boolean isFull(long now) {
            fill(now);
            return tokens >= burst;
        }

        private void fill(long now) {
            tokens = Math.min(burst, tokens + Math.max(0, now - filledAt) / NANOS * perSecond);
            filledAt = Math.max(filledAt, now);
        }
    }
}
