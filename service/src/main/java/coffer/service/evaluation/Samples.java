package coffer.service.evaluation;

import java.util.Arrays;
import java.util.OptionalLong;

/// Durations in the order in which they were measured, each with the moment: 16 bytes for one.
final class Samples {

    private long[] ats = new long[64];
    private long[] micros = new long[64];
    private int count;

    void add(long at, long value) {
        if (count == ats.length) {
            ats = Arrays.copyOf(ats, 2 * count);
            micros = Arrays.copyOf(micros, 2 * count);
        }
        ats[count] = at;
        micros[count++] = value;
    }

    int count() {
        return count;
    }

    long max() {
        return Arrays.stream(micros, 0, count).max().orElse(0);
    }

    /// By nearest rank: the least value that at least `percent` percent of all do not exceed.
    OptionalLong percentile(int percent) {
        return percentile(percent, 0, Long.MAX_VALUE);
    }

    /// Of those measured from `from` on and before `to`; empty if there are none.
    OptionalLong percentile(int percent, long from, long to) {
        int first = lowerBound(from);
        int end = lowerBound(to);
        if (first == end) {
            return OptionalLong.empty();
        }
        long[] sorted = Arrays.copyOfRange(micros, first, end);
        Arrays.sort(sorted);
        int rank = (int) ((percent * (long) sorted.length + 99) / 100);
        return OptionalLong.of(sorted[rank - 1]);
    }

    /// The first index whose moment is not before `at`; moments never go back.
    private int lowerBound(long at) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ats[middle] < at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
