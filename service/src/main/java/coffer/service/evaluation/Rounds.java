package coffer.service.evaluation;

import java.util.Arrays;

/// Rounds and how much of each was answered rightly. A round counts for the time until the next one, so that an outage in
/// which few calls fit weighs as much as it lasted.
final class Rounds {

    private long[] begins = new long[64];
    private long[] lengths = new long[64];
    private int[] right = new int[64];
    private int[] all = new int[64];
    private int count;
    private boolean open;

    void begin(long at) {
        end(at);
        if (count == begins.length) {
            begins = Arrays.copyOf(begins, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
            right = Arrays.copyOf(right, 2 * count);
            all = Arrays.copyOf(all, 2 * count);
        }
        begins[count++] = at;
        open = true;
    }

    void end(long at) {
        if (open) {
            lengths[count - 1] = Math.max(1, at - begins[count - 1]);
            open = false;
        }
    }

    /// Calls outside of a round say nothing about availability.
    void count(int rightCalls, int allCalls) {
        if (open) {
            right[count - 1] += rightCalls;
            all[count - 1] += allCalls;
        }
    }

    int count() {
        return count;
    }

    /// When the last one ended, or 0.
    long end() {
        return count == 0 ? 0 : begins[count - 1] + lengths[count - 1];
    }

    /// Part of the time, in parts of a million, in which calls were answered rightly; -1 if nothing was asked.
    long availabilityPpm() {
        return availabilityPpm(0, Long.MAX_VALUE);
    }

    /// Over rounds that began from `from` on and before `to`. Rounded down, so that a failure is never rounded away.
    long availabilityPpm(long from, long to) {
        double weighted = 0;
        double weight = 0;
        for (int i = 0; i < count; i++) {
            if (all[i] > 0 && begins[i] >= from && begins[i] < to) {
                // A round that is not over yet counts a little.
                double length = Math.max(1, lengths[i]);
                weighted += length * (all[i] - right[i]) / all[i];
                weight += length;
            }
        }
        return weight == 0 ? -1 : 1_000_000 - (long) Math.ceil(1_000_000 * weighted / weight);
    }
}
