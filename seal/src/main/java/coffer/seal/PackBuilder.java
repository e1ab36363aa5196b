package coffer.seal;

import coffer.core.CborWriter;
import coffer.core.ChunkId;
import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.PackId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Gathers sealed records into one pack, which goes to `sink` as it grows: nothing but the index is held in memory.
///
/// For one thread. Borrows keys and sink; the caller forces and closes the sink after [#finish], and only then gives
/// the pack its name. A pack that was not finished is no pack: throw its bytes away.
public final class PackBuilder {

    /// A pack is full when its records reach this size; the last record may go beyond it.
    public static final int TARGET_SIZE = 16 << 20;

    private static final int PADDING_PIECE = 64 << 10;
    /// Sealed index of one chunk: array head, id, three integers and their heads; rounded up.
    private static final int INDEX_BYTES_PER_CHUNK = 52;

    private final OutputStream sink;
    private final VaultKeys keys;
    private final LogId vault;
    private final RandomSource random;
    private final MessageDigest digest = Hash.digest();
    private final List<ChunkPlace> chunks = new ArrayList<>();
    private final Set<ChunkId> ids = new HashSet<>();
    private int size;

    public PackBuilder(OutputStream sink, VaultKeys keys, LogId vault, RandomSource random) {
        this.sink = sink;
        this.keys = keys;
        this.vault = vault;
        this.random = random;
    }

    /// Appends the record of a chunk as [ChunkCodec#seal] made it, which has verified it.
    ///
    /// Throws [IllegalArgumentException] for a chunk that the pack has already, and for a record that
    /// [#hasRoomFor] refuses.
    public void append(ChunkId id, int plainLength, Slice sealed) throws IOException {
        if (!hasRoomFor(sealed.length()) || !ids.add(id)) {
            throw new IllegalArgumentException("the pack has no room, or has the chunk already");
        }
        chunks.add(new ChunkPlace(id, size, sealed.length(), plainLength));
        write(sealed.array(), sealed.offset(), sealed.length());
    }

    public boolean contains(ChunkId id) {
        return ids.contains(id);
    }

    public boolean hasRoomFor(int sealedLength) {
        long index = Sealing.sealedSize((chunks.size() + 1) * INDEX_BYTES_PER_CHUNK + 8);
        return chunks.size() < Limits.CHUNKS_PER_PACK_MAX
                && (long) size + sealedLength + index + PackFormat.FOOTER_SIZE <= Limits.PACK_BYTES_MAX;
    }

    /// Whether it is time to finish this pack and begin another.
    public boolean isFull() {
        return size >= TARGET_SIZE || chunks.size() == Limits.CHUNKS_PER_PACK_MAX;
    }

    public boolean isEmpty() {
        return chunks.isEmpty();
    }

    /// Bytes of records so far.
    public int size() {
        return size;
    }

    public int chunkCount() {
        return chunks.size();
    }

    /// Writes index, padding and footer; nothing may be appended afterwards. Not for an empty pack.
    public SealedPack finish() throws IOException {
        if (chunks.isEmpty()) {
            throw new IllegalStateException("an empty pack is no pack");
        }
        PackContents contents = new PackContents(chunks);
        CborWriter index = new CborWriter();
        contents.writeTo(index);
        byte[] context = PackFormat.context(vault, keys.epoch());
        byte[] sealedIndex = seal(keys.indexKey(), Label.PACK_INDEX, context, index.toByteArray());
        int indexOffset = size;
        int packSize = Padme.paddedSize(size + sealedIndex.length + PackFormat.FOOTER_SIZE);
        byte[] footer = ByteBuffer.allocate(PackFormat.FOOTER_PLAIN_SIZE)
                .putInt(indexOffset)
                .putInt(sealedIndex.length)
                .putInt(packSize)
                .putInt(chunks.size())
                .array();
        write(sealedIndex, 0, sealedIndex.length);
        writePadding(packSize - size - PackFormat.FOOTER_SIZE);
        byte[] sealedFooter = seal(keys.footerKey(), Label.PACK_FOOTER, context, footer);
        write(sealedFooter, 0, sealedFooter.length);
        sink.flush();
        return new SealedPack(PackId.of(digest.digest()), size, contents);
    }

    private byte[] seal(Secret key, Label label, byte[] context, byte[] plaintext) {
        byte[] out = new byte[Sealing.sealedSize(plaintext.length)];
        Sealing.seal(key, label, context, Slice.of(plaintext), out, 0, random);
        return out;
    }

    /// Messages of zeros under keys that nobody keeps: as random as the generator's own bytes to whoever has no key, at a
    /// fraction of what those cost.
    private void writePadding(int length) throws IOException {
        byte[] zeros = new byte[Math.min(length, PADDING_PIECE)];
        byte[] piece = new byte[Math.toIntExact(ChunkedEncryption.sealedSize(zeros.length))];
        for (int left = length; left > 0; left -= zeros.length) {
            byte[] key = random.bytes(Secret.SIZE);
            byte[] salt = random.bytes(ChunkedEncryption.SALT_SIZE);
            ChunkedEncryption.seal(key, salt, new byte[0], Slice.of(zeros), Slice.of(piece));
            write(piece, 0, Math.min(left, zeros.length));
        }
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        sink.write(bytes, offset, length);
        digest.update(bytes, offset, length);
        size += length;
    }
}
