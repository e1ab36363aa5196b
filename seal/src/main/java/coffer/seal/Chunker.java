package coffer.seal;

import java.nio.ByteBuffer;

/// Cuts content into chunks at places that depend on the content alone, so that an insertion changes the chunks around
/// it and no others: FastCDC with normalised chunking (Xia et al., 2016 and 2020), its gear table derived per vault.
///
/// A pure function of the table and the bytes; safe for all threads. The table keeps chunk lengths of one vault from
/// telling what another vault holds; it is no secret that protects by itself, padding of sealed records does that.
public final class Chunker {

    /// No cut before this size, unless the content ends.
    public static final int CHUNK_SIZE_MIN = 256 << 10;

    /// Where cutting becomes easier; about the mean.
    public static final int CHUNK_SIZE_NORMAL = 1 << 20;

    /// A cut at the latest.
    public static final int CHUNK_SIZE_MAX = 4 << 20;

    // Normalisation level 2: two bits harder than 1 in 2^20 before the normal size, two bits easier after it. The high
    // bits, because bit k of the hash depends on the last k + 1 bytes.
    private static final long MASK_BEFORE_NORMAL = -1L << (64 - 22);
    private static final long MASK_AFTER_NORMAL = -1L << (64 - 18);

    private final long[] gear;

    private Chunker(long[] gear) {
        this.gear = gear;
    }

    static Chunker of(Secret dedupSecret) {
        byte[] table = dedupSecret.expand(Label.CHUNKER, KeyContext.constant(), 256 * Long.BYTES);
        long[] gear = new long[256];
        ByteBuffer.wrap(table).asLongBuffer().get(gear);
        return new Chunker(gear);
    }

    /// The length of the first chunk of `length` bytes at `offset`, which are all that is left of the content, or at
    /// least [#CHUNK_SIZE_MAX]. At least 1 unless `length` is 0.
    public int cut(byte[] data, int offset, int length) {
        if (length <= CHUNK_SIZE_MIN) {
            return length;
        }
        int end = offset + Math.min(length, CHUNK_SIZE_MAX);
        int normal = Math.min(end, offset + CHUNK_SIZE_NORMAL);
        long[] table = gear;
        long hash = 0;
        // Counted loops and masks, because the JVM's fast compiler, too, makes good code of these.
        for (int at = offset + CHUNK_SIZE_MIN; at < normal; at++) {
            hash = (hash << 1) + table[data[at] & 0xff];
            if ((hash & MASK_BEFORE_NORMAL) == 0) {
                return at + 1 - offset;
            }
        }
        for (int at = normal; at < end; at++) {
            hash = (hash << 1) + table[data[at] & 0xff];
            if ((hash & MASK_AFTER_NORMAL) == 0) {
                return at + 1 - offset;
            }
        }
        return end - offset;
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
