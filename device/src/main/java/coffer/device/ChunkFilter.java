package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/// Says of most chunks that the replica cannot know them, without asking it: a Bloom filter over chunk ids, which are
/// uniform already (keyed hashes), so their own bits choose the places.
///
/// A wrong "maybe" costs a question, a wrong "no" would cost storing a chunk again and is possible only for chunks that
/// others commit while a put runs. Safe for all threads.
final class ChunkFilter {

    /// 16 bits for each chunk and 6 places: one wrong "maybe" in a thousand.
    private static final int BITS_PER_CHUNK = 16;
    private static final int PLACES = 6;

    /// Chunks that a filter has room for at least: 512 KiB of memory.
    private static final long CHUNKS_MIN = 1 << 18;

    private final AtomicLongArray words;
    private final long mask;

    ChunkFilter(long chunks) {
        long bits = Long.highestOneBit(Math.max(CHUNKS_MIN, 2 * chunks) * BITS_PER_CHUNK - 1) << 1;
        bits = Math.min(bits, 1L << 29); // 64 MiB: beyond 30 million chunks it only says "maybe" more often
        this.words = new AtomicLongArray((int) (bits / Long.SIZE));
        this.mask = bits - 1;
    }

    /// A filter over all chunks of a vault.
    static ChunkFilter load(Replica replica, VaultAccess vault) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            long count = tx.number(0, "SELECT count(*) FROM chunk WHERE vault = ?", ref.num());
            ChunkFilter filter = new ChunkFilter(count);
            try (Tx.Rows rows = tx.query("SELECT id FROM chunk WHERE vault = ?", ref.num())) {
                while (rows.next()) {
                    filter.add(rows.bytes(1));
                }
            }
            return filter;
        });
    }

    void add(ChunkId id) {
        add(id.toArray());
    }

    private void add(byte[] id) {
        ByteBuffer bits = ByteBuffer.wrap(id);
        long at = bits.getLong(0);
        long step = bits.getLong(8) | 1;
        for (int i = 0; i < PLACES; i++, at += step) {
            long place = at & mask;
            words.getAndAccumulate((int) (place >>> 6), 1L << place, (word, bit) -> word | bit);
        }
    }

    boolean mayContain(ChunkId id) {
        ByteBuffer bits = ByteBuffer.wrap(id.toArray());
        long at = bits.getLong(0);
        long step = bits.getLong(8) | 1;
        for (int i = 0; i < PLACES; i++, at += step) {
            long place = at & mask;
            if ((words.get((int) (place >>> 6)) & (1L << place)) == 0) {
                return false;
            }
        }
        return true;
    }
}
