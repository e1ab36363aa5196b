package coffer.store;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often and how long a failed call is repeated: only for failures that may pass, after waits that grow and are
/// drawn at random (so that many clients of a recovering store do not come back together), and never past a deadline.
///
/// @param tries    calls at most, the first included
/// @param firstMax longest wait before the second call; it doubles for each further one
/// @param waitMax  longest wait ever
/// @param deadline no call starts later than this after the first
public record RetryPolicy(int tries, Duration firstMax, Duration waitMax, Duration deadline) {

    /// Four calls within a minute: rides out a restarting server, reports an outage while somebody still waits.
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(4, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofMinutes(1));

    /// One call.
    public static final RetryPolicy NONE =
            new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public RetryPolicy {
        if (tries < 1 || firstMax.isNegative() || waitMax.isNegative() || deadline.isNegative()) {
            throw new IllegalArgumentException("not a retry policy");
        }
    }

    /// One call to a store.
    @FunctionalInterface
    interface Call<T, E extends Exception> {
        T call() throws StoreException, E;
    }

    /// Calls until it succeeds, fails for good, or the policy is exhausted; then throws the last failure.
    <T, E extends Exception> T run(Ticks ticks, RandomGenerator random, Call<T, E> call) throws StoreException, E {
        long start = ticks.nanos();
        for (int done = 1; ; done++) {
            try {
                return call.call();
            } catch (StoreException e) {
                Duration wait = wait(done, random);
                Duration passed = Duration.ofNanos(ticks.nanos() - start);
                boolean over = done >= tries || passed.plus(wait).compareTo(deadline) > 0;
                if (!e.mayRetry() || over || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                ticks.pause(wait);
            }
        }
    }

    private Duration wait(int done, RandomGenerator random) {
        Duration longest = firstMax.multipliedBy(1L << Math.min(done - 1, 30));
        long nanos = (longest.compareTo(waitMax) < 0 ? longest : waitMax).toNanos();
        return Duration.ofNanos(nanos == 0 ? 0 : random.nextLong(nanos + 1));
    }
}
