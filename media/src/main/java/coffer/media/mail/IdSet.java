package coffer.media.mail;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A set of hashes by their first 16 bytes, in little more than these: a million take 32 MB at most.
final class IdSet {

    private long[] slots = new long[512];
    private int size;
    private boolean hasZero;

    /// False if it was there already.
    boolean add(byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        long high = bytes.getLong();
        long low = bytes.getLong();
        if (high == 0 && low == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        if (4 * size >= slots.length) {
            grow();
        }
        return put(high, low);
    }

    boolean contains(byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        long high = bytes.getLong();
        long low = bytes.getLong();
        if (high == 0 && low == 0) {
            return hasZero;
        }
        int mask = slots.length / 2 - 1;
        for (int slot = (int) high & mask; slots[2 * slot] != 0 || slots[2 * slot + 1] != 0; slot = slot + 1 & mask) {
            if (slots[2 * slot] == high && slots[2 * slot + 1] == low) {
                return true;
            }
        }
        return false;
    }

    private boolean put(long high, long low) {
        int mask = slots.length / 2 - 1;
        for (int slot = (int) high & mask; ; slot = slot + 1 & mask) {
            if (slots[2 * slot] == 0 && slots[2 * slot + 1] == 0) {
                slots[2 * slot] = high;
                slots[2 * slot + 1] = low;
                size++;
                return true;
            }
            if (slots[2 * slot] == high && slots[2 * slot + 1] == low) {
                return false;
            }
        }
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        Arrays.fill(slots, 0);
        size = 0;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != 0 || old[i + 1] != 0) {
                put(old[i], old[i + 1]);
            }
        }
    }
}
