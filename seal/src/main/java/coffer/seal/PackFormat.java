package coffer.seal;

import coffer.core.LogId;
import java.nio.ByteBuffer;

/// What builder and reader of packs share.
///
///     pack   = record 0 || record 1 || ... || sealed index || random bytes || sealed footer (88 bytes)
///     index  = CBOR [[chunk id, offset, sealed length, plain length], ...]
///     footer = index offset (4, big-endian) || sealed index length (4) || pack size (4) || chunk count (4)
///
/// Index and footer are sealed under keys of their own with context `vault id || epoch (8)`. The random bytes bring the
/// whole to a Padmé size; every byte of a pack looks random to whoever lacks the keys.
final class PackFormat {

    static final int FOOTER_PLAIN_SIZE = 16;
    static final int FOOTER_SIZE = Sealing.OVERHEAD_MIN + FOOTER_PLAIN_SIZE;

    private PackFormat() {}

    static byte[] context(LogId vault, long epoch) {
        return ByteBuffer.allocate(LogId.SIZE + Long.BYTES)
                .put(vault.toArray())
                .putLong(epoch)
                .array();
    }
}
