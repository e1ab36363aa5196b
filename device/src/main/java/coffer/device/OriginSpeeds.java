package coffer.device;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How well each origin has served this device, for choosing between copies: measured at its own transfers, forgotten with
/// the process. Safe for all threads.
final class OriginSpeeds {

    /// How much the last transfer counts against all before.
    private static final double LAST = 0.25;

    /// Added to each size, so that a small read's latency does not look like a slow line.
    private static final int LATENCY_BYTES = 256 << 10;

    /// An origin that failed is asked last for so long; twice as long for each further failure, at most [#SHUN_MAX].
    private static final Duration SHUN = Duration.ofSeconds(2);

    private static final Duration SHUN_MAX = Duration.ofMinutes(2);
    private static final int DOUBLINGS_MAX = 8;

    /// Until an origin was measured. Slow enough for a far one, short enough for a person.
    private static final Duration UNKNOWN_PATIENCE = Duration.ofSeconds(2);

    private static final Duration PATIENCE_MIN = Duration.ofMillis(300);
    private static final int PATIENCE_TIMES = 4;

    /// @param nanosPerByte  0 until it was measured
    /// @param failures      since it last served
    /// @param shunnedUntil  in nanoseconds of the clock
    private record Seen(double nanosPerByte, int failures, long shunnedUntil) {}

    private final Map<String, Seen> origins = new HashMap<>(); // guarded by itself
    private final LongSupplier nanos;

    /// @param nanos a clock that only goes forward
    OriginSpeeds(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void served(String origin, long bytes, long took) {
        double last = (double) took / (bytes + LATENCY_BYTES);
        synchronized (origins) {
            Seen seen = origins.get(origin);
            double before = seen == null || seen.nanosPerByte == 0 ? last : seen.nanosPerByte;
            origins.put(origin, new Seen(before + LAST * (last - before), 0, 0));
        }
    }

    void failed(String origin) {
        synchronized (origins) {
            Seen seen = origins.getOrDefault(origin, new Seen(0, 0, 0));
            long shun = SHUN.toNanos() << Math.min(seen.failures, DOUBLINGS_MAX);
            origins.put(
                    origin,
                    new Seen(
                            seen.nanosPerByte,
                            seen.failures + 1,
                            nanos.getAsLong() + Math.min(shun, SHUN_MAX.toNanos())));
        }
    }

    /// Best first: those that serve before those that just failed, unknown ones before known ones (so that each is measured),
    /// then the fastest.
    <T> List<T> order(List<T> copies, Function<T, String> origin) {
        synchronized (origins) {
            long now = nanos.getAsLong();
            List<T> ordered = new ArrayList<>(copies);
            ordered.sort(Comparator.<T>comparingInt(copy -> isShunned(origins.get(origin.apply(copy)), now) ? 1 : 0)
                    .thenComparingDouble(copy -> cost(origins.get(origin.apply(copy)))));
            return ordered;
        }
    }

    private static boolean isShunned(@Nullable Seen seen, long now) {
        return seen != null && seen.failures > 0 && now - seen.shunnedUntil < 0;
    }

    private static double cost(@Nullable Seen seen) {
        return seen == null ? 0 : seen.nanosPerByte;
    }

    /// How long to wait for so many bytes before another copy is asked as well.
    Duration patience(String origin, long bytes) {
        synchronized (origins) {
            Seen seen = origins.get(origin);
            if (seen == null || seen.nanosPerByte == 0) {
                return UNKNOWN_PATIENCE;
            }
            long usual = (long) (seen.nanosPerByte * (bytes + LATENCY_BYTES));
            return Duration.ofNanos(
                    Math.clamp(PATIENCE_TIMES * usual, PATIENCE_MIN.toNanos(), TimeUnit.MINUTES.toNanos(1)));
        }
    }
}
