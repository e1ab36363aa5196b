package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.seal.ChunkCodec;
import coffer.seal.ChunkPlace;
import coffer.seal.PackAdded;
import coffer.seal.PackBuilder;
import coffer.seal.RandomSource;
import coffer.seal.SealedPack;
import coffer.seal.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Seals chunks into new packs of one epoch and sends each pack when it is full: the simple way, for upkeep.
///
/// One chunk after the other, one pack in memory. Safe for all threads. A crash leaves packs with providers that no entry
/// names; the service deletes those after its grace.
final class PackWriter {

    /// Keeps what one commit says of its packs below the limit of an entry.
    private static final int CHUNKS_MAX = 4_096;

    /// Grows to a pack where there is so much.
    private static final int BUFFER_SIZE = 1 << 20;

    private static final class Buffer extends ByteArrayOutputStream {
        Buffer() {
            super(BUFFER_SIZE);
        }

        Slice slice() {
            return new Slice(buf, 0, count);
        }
    }

    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final long epoch;
    private final ChunkCodec codec;
    private final Buffer buffer = new Buffer(); // these five guarded by this
    private final Set<ChunkId> written = new HashSet<>();
    private final List<PackAdded> finished = new ArrayList<>();
    private byte[] sealed = new byte[0];
    private @Nullable PackBuilder open;

    PackWriter(VaultAccess vault, PackTransfer transfer) throws CofferException {
        this.vault = vault;
        this.transfer = transfer;
        this.epoch = vault.epoch();
        this.codec = new ChunkCodec(vault.keys(epoch), vault.dedup(), vault.id());
    }

    /// The epoch of all its packs; they can be committed only while it lasts.
    long epoch() {
        return epoch;
    }

    /// Adds a chunk, unless it was added before.
    synchronized void add(ChunkId id, Slice plain) throws CofferException {
        if (!written.add(id)) {
            return;
        }
        int room = ChunkCodec.sealedSizeMax(plain.length());
        if (sealed.length < room) {
            sealed = new byte[room];
        }
        int size = codec.seal(id, plain, sealed, 0);
        PackBuilder builder = open;
        if (builder != null && (builder.size() + size > PackBuilder.TARGET_SIZE || builder.chunkCount() >= CHUNKS_MAX)) {
            finish(builder);
            builder = null;
        }
        if (builder == null) {
            buffer.reset();
            builder = new PackBuilder(buffer, vault.keys(epoch), vault.id(), RandomSource.secure());
            open = builder;
        }
        try {
            builder.append(id, plain.length(), new Slice(sealed, 0, size));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
    }

    synchronized boolean isEmpty() {
        return open == null && finished.isEmpty();
    }

    /// Sends what is open, and hands over all packs that are stored and in no commit yet.
    synchronized List<PackAdded> takeStored() throws CofferException {
        PackBuilder builder = open;
        if (builder != null) {
            finish(builder);
        }
        List<PackAdded> packs = List.copyOf(finished);
        finished.clear();
        written.clear();
        return packs;
    }

    private void finish(PackBuilder builder) throws CofferException {
        open = null;
        SealedPack pack;
        try {
            pack = builder.finish();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        transfer.upload(pack.id(), buffer.slice());
        finished.add(new PackAdded(pack.id(), pack.size(), pack.contents()));
    }

    /// About what a commit needs to say what a pack holds.
    static long bodyBytes(PackAdded pack) {
        List<ChunkPlace> chunks = pack.contents().chunks();
        return 80 + 46L * chunks.size();
    }
}
