package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.log.PackRef;
import coffer.seal.ChunkCodec;
import coffer.seal.Content;
import coffer.seal.Manifest;
import coffer.seal.OpenException;
import coffer.seal.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Reads chunks of one vault: from the place planned, else from another copy of the pack, else from another pack that
/// holds the chunk; INTEGRITY only when none of them has what was written. Safe for all threads.
final class ChunkReader {

    /// A chunk that is wanted and where it is read.
    record Place(ChunkId id, long packNum, int offset, int sealedLength, int plainLength) implements Segments.Wanted {}

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final Map<Long, ChunkIndex.Pack> packs = new ConcurrentHashMap<>();
    private final Map<Long, ChunkCodec> codecs = new ConcurrentHashMap<>();

    ChunkReader(Replica replica, VaultAccess vault, PackTransfer transfer) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
    }

    /// The oldest place of a chunk; INTEGRITY where no pack holds it.
    Place place(Tx tx, Vaults.Ref ref, ChunkId id) throws CofferException, java.sql.SQLException {
        ChunkIndex index = new ChunkIndex(tx, ref);
        ChunkIndex.Place place = index.find(id);
        if (place == null) {
            throw missing();
        }
        if (!packs.containsKey(place.packNum())) {
            ChunkIndex.Pack pack = index.pack(place.packNum());
            if (pack == null) {
                throw missing();
            }
            packs.put(place.packNum(), pack);
        }
        return new Place(id, place.packNum(), place.offset(), place.sealedLength(), place.plainLength());
    }

    ChunkIndex.Pack pack(long num) {
        ChunkIndex.Pack pack = packs.get(num);
        if (pack == null) {
            throw new IllegalStateException("only packs of places are asked for");
        }
        return pack;
    }

    long packSize(long num) {
        return pack(num).size();
    }

    PackRef ref(long packNum) {
        ChunkIndex.Pack pack = pack(packNum);
        return new PackRef(pack.id(), pack.size());
    }

    /// Every chunk of a file's content in order; reads the lists of large files.
    List<ChunkId> chunks(Content.FileContent file) throws CofferException {
        List<ChunkId> ids = file.chunks();
        for (int depth = file.depth(); depth > 0; depth--) {
            List<ChunkId> below = new ArrayList<>();
            for (ChunkId list : ids) {
                Place place = replica.read(vault.id(), (tx, ref) -> place(tx, ref, list));
                byte[] plain = new byte[place.plainLength()];
                readAlone(place, plain, -1);
                below.addAll(Manifest.ids(plain));
            }
            ids = below;
        }
        return ids;
    }

    /// Reads a range of a pack into `into` from 0; returns the number of the copy.
    int read(Segments.Segment<?> segment, byte[] into) throws CofferException {
        return transfer.read(ref(segment.packNum()), segment.offset(), segment.length(), into, 0, 0);
    }

    /// Opens one chunk of a segment that was read from copy `copy` into `sealed`; returns its length.
    int open(Segments.Segment<?> segment, Place place, byte[] sealed, byte[] out, int copy) throws CofferException {
        Slice record = new Slice(sealed, place.offset() - segment.offset(), place.sealedLength());
        if (opens(place, record, out)) {
            return place.plainLength();
        }
        return readAlone(place, out, copy);
    }

    /// Reads one chunk by itself, from any copy but `badCopy`, then from any other pack.
    private int readAlone(Place place, byte[] out, int badCopy) throws CofferException {
        if (readFromCopies(place, out, badCopy)) {
            return place.plainLength();
        }
        List<ChunkIndex.Place> others =
                replica.read(vault.id(), (tx, ref) -> new ChunkIndex(tx, ref).places(place.id));
        for (ChunkIndex.Place other : others) {
            if (other.packNum() != place.packNum && other.plainLength() == place.plainLength) {
                Place elsewhere = replica.read(vault.id(), (tx, ref) -> {
                    ChunkIndex.Pack pack = new ChunkIndex(tx, ref).pack(other.packNum());
                    if (pack != null) {
                        packs.put(pack.num(), pack);
                    }
                    return new Place(place.id, other.packNum(), other.offset(), other.sealedLength(), other.plainLength());
                });
                if (packs.containsKey(elsewhere.packNum) && readFromCopies(elsewhere, out, -1)) {
                    return elsewhere.plainLength();
                }
            }
        }
        throw new CofferException(
                ErrorCode.INTEGRITY, "A stored chunk is not what was written.", Map.of("pack", pack(place.packNum).id().hex()));
    }

    private boolean readFromCopies(Place place, byte[] out, int badCopy) throws CofferException {
        Segments.Segment<Place> alone = Segments.plan(List.of(place), this::packSize).getFirst();
        PackRef pack = ref(place.packNum);
        byte[] sealed = new byte[alone.length()];
        int copies;
        try {
            copies = transfer.copies(pack);
        } catch (CofferException e) {
            return failedFor(e);
        }
        for (int copy = 0; copy < copies; copy++) {
            if (copy != badCopy) {
                try {
                    transfer.read(pack, alone.offset(), alone.length(), sealed, 0, copy);
                } catch (CofferException e) {
                    return failedFor(e);
                }
                if (opens(place, new Slice(sealed, place.offset - alone.offset(), place.sealedLength), out)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// A pack that is gone may have its chunk elsewhere; anything else ends the work.
    private static boolean failedFor(CofferException e) throws CofferException {
        if (e.code() != ErrorCode.INTEGRITY) {
            throw e;
        }
        return false;
    }

    private boolean opens(Place place, Slice record, byte[] out) throws CofferException {
        try {
            return codec(pack(place.packNum).epoch()).open(place.id, record, out, 0) == place.plainLength;
        } catch (OpenException e) {
            return false;
        }
    }

    private ChunkCodec codec(long epoch) throws CofferException {
        @Nullable ChunkCodec codec = codecs.get(epoch);
        if (codec == null) {
            codec = new ChunkCodec(vault.keys(epoch), vault.dedup(), vault.id());
            codecs.put(epoch, codec);
        }
        return codec;
    }

    private static CofferException missing() {
        return new CofferException(ErrorCode.INTEGRITY, "A file names a chunk that no pack holds.");
    }
}
