package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.log.PackRef;
import coffer.seal.ChunkCodec;
import coffer.seal.ChunkPlace;
import coffer.seal.Chunker;
import coffer.seal.OpenException;
import coffer.seal.Slice;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads every copy of a pack and says what each is worth. For one thread; holds one pack.
final class PackCheck {

    /// What came of it.
    ///
    /// @param health  see there
    /// @param chunks  how many chunks opened from a healthy copy
    /// @param rescued chunks that opened though the pack is damaged
    record Outcome(Health health, long chunks, long rescued) {}

    enum Health {
        /// Every copy is well.
        WELL,
        /// Some copies were not; they have been written anew from one that is.
        MENDED,
        /// No copy is well.
        DAMAGED,
        /// No copy was well as far as copies could be read; what the others are worth is not known.
        UNKNOWN
    }

    /// Takes in chunks that opened from a pack that as a whole is damaged.
    @FunctionalInterface
    interface Rescue {
        void chunk(ChunkId id, Slice plain) throws CofferException;
    }

    private final PackTransfer transfer;
    private final ChunkSource source;
    private final Set<String> proven = new HashSet<>();
    private byte[] pack = new byte[0];
    private byte[] plain = new byte[Chunker.CHUNK_SIZE_MAX];

    PackCheck(PackTransfer transfer, ChunkSource source) {
        this.transfer = transfer;
        this.source = source;
    }

    /// Checks a pack.
    ///
    /// @param places where its chunks lie, as the log says
    Outcome check(ChunkIndex.Pack wanted, List<ChunkPlace> places, Rescue rescue) throws CofferException {
        PackRef ref = new PackRef(wanted.id(), wanted.size());
        proven.clear();
        int copies;
        try {
            copies = transfer.copies(ref);
        } catch (CofferException e) {
            return new Outcome(health(e), 0, 0);
        }
        ChunkCodec codec = source.codec(wanted.epoch());
        Set<ChunkId> rescued = new HashSet<>();
        int well = -1;
        boolean mending = false;
        boolean unknown = false;
        long chunks = 0;
        for (int copy = 0; copy < copies; copy++) {
            try {
                if (!read(ref, copy)) {
                    mending = true;
                    continue;
                }
            } catch (CofferException e) {
                unknown |= health(e) == Health.UNKNOWN;
                mending = true;
                continue;
            }
            boolean right = wanted.id().value().equals(Hash.of(pack, 0, (int) wanted.size()).value());
            if (right) {
                noteProven(ref, copy);
            }
            if (right && well < 0) {
                chunks = open(codec, places, null, rescued);
                if (chunks == places.size()) {
                    well = copy;
                } else {
                    open(codec, places, rescue, rescued); // sealed wrongly: every copy is the same
                }
            } else if (!right) {
                mending = true;
                open(codec, places, rescue, rescued);
            }
        }
        if (well < 0) {
            return new Outcome(unknown ? Health.UNKNOWN : Health.DAMAGED, 0, rescued.size());
        }
        return new Outcome(mending && mend(ref, well) ? Health.MENDED : Health.WELL, chunks, 0);
    }

    /// Where the last check read the pack's right bytes.
    Set<String> proven() {
        return Set.copyOf(proven);
    }

    private void noteProven(PackRef ref, int copy) throws CofferException {
        List<String> origins = transfer.origins(ref);
        if (copy < origins.size()) {
            proven.add(origins.get(copy));
        }
    }

    /// Writes the bytes of a healthy copy to every place.
    private boolean mend(PackRef ref, int copy) throws CofferException {
        if (!read(ref, copy) || !ref.id().value().equals(Hash.of(pack, 0, (int) ref.size()).value())) {
            return false;
        }
        try {
            transfer.upload(ref.id(), new Slice(pack, 0, (int) ref.size()));
            return true;
        } catch (CofferException e) {
            if (e.code() == ErrorCode.UNAVAILABLE) {
                return false; // as while the pack is being moved to another region; the service mends it then
            }
            throw e;
        }
    }

    /// Reads exactly that copy; false where another one answered in its stead. In two ranges, because a store that checks
    /// what it gives out whole would give out nothing of a damaged pack.
    private boolean read(PackRef ref, int copy) throws CofferException {
        int size = (int) ref.size();
        if (pack.length < size) {
            pack = new byte[size];
        }
        int first = size / 2;
        return (first == 0 || transfer.read(ref, 0, first, pack, 0, copy) == copy)
                && transfer.read(ref, first, size - first, pack, first, copy) == copy;
    }

    /// Opens the chunks of what was read; returns how many did. Without `rescue`, ends at the first that does not.
    private long open(
            ChunkCodec codec, List<ChunkPlace> places, @org.jspecify.annotations.Nullable Rescue rescue, Set<ChunkId> rescued)
            throws CofferException {
        long opened = 0;
        for (ChunkPlace place : places) {
            if (rescue != null && rescued.contains(place.id())) {
                continue;
            }
            if (plain.length < place.plainLength()) {
                plain = new byte[place.plainLength()];
            }
            try {
                int size = codec.open(place.id(), new Slice(pack, place.offset(), place.sealedLength()), plain, 0);
                opened++;
                if (rescue != null) {
                    rescue.chunk(place.id(), new Slice(plain, 0, size));
                    rescued.add(place.id());
                }
            } catch (OpenException e) {
                if (rescue == null) {
                    return opened;
                }
            }
        }
        Arrays.fill(plain, (byte) 0); // plaintext does not stay longer than it is needed
        return opened;
    }

    private static Health health(CofferException e) throws CofferException {
        if (e.code() == ErrorCode.INTEGRITY) {
            return Health.DAMAGED;
        }
        if (e.code() == ErrorCode.UNAVAILABLE) {
            return Health.UNKNOWN;
        }
        throw e;
    }
}
