package coffer.device;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// Times of files as nanoseconds since 1970, which reach from 1677 to 2262; what lies beyond is taken as the end.
final class Times {

    private Times() {}

    static Instant ofNanos(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /// Nanoseconds of a time in seconds and nanoseconds; the nearest that there is.
    static long nanos(long seconds, int nanos) {
        long high = Math.multiplyHigh(seconds, 1_000_000_000L);
        long low = seconds * 1_000_000_000L;
        if (high != low >> 63) {
            return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        long sum = low + nanos;
        return sum < low ? Long.MAX_VALUE : sum;
    }

    static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    static FileTime fileTime(long nanos) {
        return FileTime.from(nanos, TimeUnit.NANOSECONDS);
    }
}
