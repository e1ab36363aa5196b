package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A provider in memory, with as many copies of each pack as asked for.
final class MemoryPacks implements PackTransfer {

    final Map<PackId, List<byte[]>> packs = new HashMap<>();
    final List<PackId> uploads = new ArrayList<>();
    long bytesRead;

    /// Whether reading fails as if no provider could be reached.
    volatile boolean unavailable;
    private final int copies;
    /// Where the copies are said to lie.
    List<String> origins = List.of();

    /// What to do before an upload (false: nothing) and whether it fails after the pack has arrived.
    Fault fault = number -> Outcome.WELL;

    enum Outcome {
        WELL,
        LOST,
        STORED_BUT_NOT_ANSWERED
    }

    @FunctionalInterface
    interface Fault {
        Outcome at(int upload);
    }

    MemoryPacks(int copies) {
        this.copies = copies;
    }

    @Override
    public synchronized void upload(PackId id, Slice pack) throws CofferException {
        Outcome outcome = fault.at(uploads.size() + 1);
        if (outcome == Outcome.LOST) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "lost");
        }
        byte[] bytes = pack.toArray();
        if (!id.value().equals(Hash.of(bytes).value())) {
            throw new CofferException(ErrorCode.PROTOCOL, "not the pack's bytes");
        }
        uploads.add(id);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            all.add(bytes.clone());
        }
        packs.put(id, all);
        if (outcome == Outcome.STORED_BUT_NOT_ANSWERED) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "no answer");
        }
    }

    @Override
    public synchronized Set<PackId> stored(List<PackRef> refs) {
        Set<PackId> there = new HashSet<>();
        refs.forEach(ref -> {
            if (packs.containsKey(ref.id())) {
                there.add(ref.id());
            }
        });
        return there;
    }

    /// Damages everything that is stored; done twice, everything is as it was.
    synchronized void flipEveryByte() {
        packs.values().forEach(all -> all.forEach(bytes -> {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= 1;
            }
        }));
    }

    @Override
    public void announce(List<PackId> refs) {}

    @Override
    public int copies(PackRef pack) {
        return copies;
    }

    @Override
    public synchronized List<String> origins(PackRef pack) throws CofferException {
        if (!packs.containsKey(pack.id())) {
            throw new CofferException(ErrorCode.INTEGRITY, "no copy");
        }
        return origins;
    }

    @Override
    public synchronized int read(PackRef pack, int offset, int length, byte[] into, int intoOffset, int copy)
            throws CofferException {
        if (unavailable) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "away");
        }
        List<byte[]> all = packs.get(pack.id());
        if (all == null) {
            throw new CofferException(ErrorCode.INTEGRITY, "no copy");
        }
        System.arraycopy(all.get(copy % copies), offset, into, intoOffset, length);
        bytesRead += length;
        return copy % copies;
    }

    List<byte[]> copiesOf(PackId id) {
        return packs.getOrDefault(id, List.of());
    }

    synchronized long storedBytes() {
        return packs.values().stream().mapToLong(all -> all.getFirst().length).sum();
    }
}
