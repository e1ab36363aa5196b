package coffer.device;

import coffer.core.DeviceId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;

/// When the entries of a vault's log were made, as far as the claims of their authors can be believed (docs/sync.md,
/// "Going back"). The log alone orders entries; times only find the entry that a person means.
///
/// Claims that run backwards in the order of the log cannot all be true. Believed are those of the largest set that never runs
/// backwards, and none that is still to come; every other entry takes the time of the believed one before it. So a
/// device whose clock is wrong moves its own entries in time and, where others have written as much, no more.
final class LogTimes {

    /// How far the clocks of other devices may be ahead of this one's.
    private static final long AHEAD_MAX_MS = 10 * 60_000L;

    private final long first;
    private final long[] times;

    private LogTimes(long first, long[] times) {
        this.first = first;
        this.times = times;
    }

    /// @param first   sequence of the first entry
    /// @param claimed times that the entries claim, in the order of the log; taken over
    /// @param nowMs   this device's clock
    static LogTimes of(long first, long[] claimed, long nowMs) {
        return new LogTimes(first, believed(claimed, nowMs + AHEAD_MAX_MS));
    }

    static LogTimes read(Tx tx, Vaults.Ref vault, long nowMs) throws SQLException {
        long count = tx.number(0, "SELECT count(*) FROM applied WHERE vault = ?", vault.num());
        long[] claimed = new long[Math.toIntExact(count)];
        long first = 0;
        int at = 0;
        try (Tx.Rows rows = tx.query("SELECT seq, time_ms FROM applied WHERE vault = ? ORDER BY seq", vault.num())) {
            while (rows.next() && at < claimed.length) {
                first = at == 0 ? rows.number(1) : first;
                claimed[at++] = rows.number(2);
            }
        }
        return of(first, claimed, nowMs);
    }

    boolean isEmpty() {
        return times.length == 0;
    }

    long first() {
        return first;
    }

    long last() {
        return first + times.length - 1;
    }

    /// The last entry that was there at that time; below [#first] if none was.
    long at(Instant time) {
        long wanted = time.toEpochMilli();
        int from = 0;
        int to = times.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (times[middle] <= wanted) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return first + from - 1;
    }

    Instant time(long sequence) {
        return Instant.ofEpochMilli(times[Math.toIntExact(sequence - first)]);
    }

    /// The longest non-decreasing subsequence counts; what lies between takes the time before it.
    private static long[] believed(long[] claimed, long latest) {
        int[] tails = new int[claimed.length]; // of each length, where the subsequence with the smallest end ends
        int[] before = new int[claimed.length];
        int length = 0;
        for (int i = 0; i < claimed.length; i++) {
            if (claimed[i] > latest) {
                continue;
            }
            int at = upperBound(claimed, tails, length, claimed[i]);
            before[i] = at == 0 ? -1 : tails[at - 1];
            tails[at] = i;
            length = Math.max(length, at + 1);
        }
        long[] times = new long[claimed.length];
        int next = length == 0 ? -1 : tails[length - 1];
        Arrays.fill(times, -1);
        for (; next >= 0; next = before[next]) {
            times[next] = claimed[next];
        }
        long last = 0;
        for (int i = 0; i < times.length; i++) {
            last = times[i] < 0 ? last : times[i];
            times[i] = last;
        }
        return times;
    }

    private static int upperBound(long[] claimed, int[] tails, int length, long value) {
        int from = 0;
        int to = length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (claimed[tails[middle]] <= value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /// Who wrote an entry, by its header.
    static DeviceId author(Tx tx, Vaults.Ref vault, long sequence) throws SQLException {
        byte[] author = tx.blob("SELECT author FROM applied WHERE vault = ? AND seq = ?", vault.num(), sequence);
        return DeviceId.of(author == null ? new byte[DeviceId.SIZE] : author);
    }
}
