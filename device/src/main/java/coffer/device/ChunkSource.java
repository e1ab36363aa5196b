package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.log.PackRef;
import coffer.seal.ChunkCodec;
import coffer.seal.OpenException;
import coffer.seal.Slice;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Reads single chunks from wherever they lie, for upkeep: every place of a chunk, healthy packs first, and every copy of
/// each, until one opens.
///
/// Safe for all threads. Holds one chunk for each call.
final class ChunkSource {

    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final Map<Long, ChunkCodec> codecs = new ConcurrentHashMap<>();

    ChunkSource(VaultAccess vault, PackTransfer transfer) {
        this.vault = vault;
        this.transfer = transfer;
    }

    /// The codec of the epoch in which a pack was sealed.
    ChunkCodec codec(long epoch) throws CofferException {
        ChunkCodec codec = codecs.get(epoch);
        if (codec == null) {
            codec = new ChunkCodec(vault.keys(epoch), vault.dedup(), vault.id());
            codecs.put(epoch, codec);
        }
        return codec;
    }

    /// The chunk's content, verified; INTEGRITY if no copy of it opens, UNAVAILABLE if one that may could not be had.
    byte[] read(ChunkIndex index, ChunkId id) throws CofferException, SQLException {
        CofferException last = null;
        for (ChunkIndex.Place place : index.places(id)) {
            ChunkIndex.Pack pack = index.pack(place.packNum());
            if (pack == null) {
                continue;
            }
            try {
                byte[] chunk = read(pack, place.offset(), place.sealedLength(), id);
                if (chunk != null) {
                    return chunk;
                }
            } catch (CofferException e) {
                if (e.code() != ErrorCode.UNAVAILABLE && e.code() != ErrorCode.INTEGRITY) {
                    throw e;
                }
                last = last == null || e.code() == ErrorCode.UNAVAILABLE ? e : last;
            }
        }
        throw last != null ? last : lost();
    }

    /// The chunk from any copy of a pack, or null where none opens.
    byte @Nullable [] read(ChunkIndex.Pack pack, int offset, int sealedLength, ChunkId id) throws CofferException {
        PackRef ref = new PackRef(pack.id(), pack.size());
        byte[] sealed = new byte[sealedLength];
        int copies = transfer.copies(ref);
        for (int copy = 0; copy < copies; copy++) {
            transfer.read(ref, offset, sealedLength, sealed, 0, copy);
            try {
                return codec(pack.epoch()).open(id, Slice.of(sealed));
            } catch (OpenException e) {
                // Another copy may be well.
            }
        }
        return null;
    }

    private static CofferException lost() {
        return new CofferException(
                ErrorCode.INTEGRITY, "A piece of content is damaged or missing everywhere.");
    }
}
