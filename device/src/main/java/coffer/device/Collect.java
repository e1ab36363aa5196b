package coffer.device;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.ChunkPlace;
import coffer.seal.OpenException;
import coffer.seal.Operation;
import coffer.seal.Slice;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Gives back the room of what nobody needs any more (docs/spec/collection.md, "Collection").
///
/// Each step is a commit decided from the newest verified state, or it does not happen: expired trash is purged; what is
/// needed of sparse packs is sealed into new ones; packs that keep nothing are released. The service deletes released
/// packs after its grace. A crash between any two steps leaves everything needed stored, and the next run goes on.
final class Collect {

    /// Needed bytes that one run seals anew at most, so that a run ends.
    private static final long MOVED_MAX = 1L << 30;

    /// Needed chunks that one run seals anew at most: they are listed in memory.
    private static final int MOVED_CHUNKS_MAX = 200_000;

    /// Purges of one entry.
    private static final int PURGED_MAX = 10_000;

    /// Packs emptied between two commits.
    private static final int EMPTIED_AT_ONCE = 32;

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final InstantSource clock;
    private final ChunkSource source;
    private final Upkeep upkeep;
    private byte[] span = new byte[0]; // guarded by this

    Collect(Replica replica, VaultAccess vault, PackTransfer transfer, InstantSource clock) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
        this.clock = clock;
        this.source = new ChunkSource(vault, transfer);
        this.upkeep = new Upkeep(replica, vault);
    }

    /// As [Device#collect]. One at a time.
    synchronized Device.CollectReport run(Progress progress) throws CofferException {
        vault.refresh();
        LogFreeze.requireThawed(new LogStore(replica.db()), vault.id());
        Retention retention = Retention.now(replica.db(), clock);
        purge(retention, progress);
        Set<Long> emptied = empty(retention, progress);
        span = new byte[0];
        long before = replica.totals(vault.id()).packBytes();
        long released = release(retention, emptied, progress);
        forgetVersions(retention);
        Replica.Totals after = replica.totals(vault.id());
        return new Device.CollectReport(released, Math.max(0, before - after.packBytes()), after.packs());
    }

    private void purge(Retention retention, Progress progress) throws CofferException {
        Upkeep.Decision done;
        do {
            Stop.check(progress);
            done = upkeep.commit((tx, ref) -> purges(tx, ref, retention));
        } while (!done.purged().isEmpty());
    }

    /// Nodes that have been in the trash for long enough; not those below another of them, which takes them along.
    private static Upkeep.Decision purges(Tx tx, Vaults.Ref ref, Retention retention) throws SQLException {
        List<NodeId> ids = new ArrayList<>();
        List<Long> nums = new ArrayList<>();
        try (Tx.Rows rows = tx.query(
                "SELECT n.id, n.num FROM node n JOIN applied a ON a.vault = n.vault AND a.seq = n.trashed"
                        + " WHERE n.vault = ? AND n.trashed IS NOT NULL AND " + Retention.EXPIRED + " LIMIT " + PURGED_MAX,
                ref.num(), retention.seenMs(), retention.timeMs())) {
            while (rows.next()) {
                ids.add(NodeId.of(rows.bytes(1)));
                nums.add(rows.number(2));
            }
        }
        Set<Long> all = new HashSet<>(nums);
        List<Operation> purged = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (!isBelowOneOf(tx, ref, nums.get(i), all)) {
                purged.add(new Operation.Purge(ids.get(i)));
            }
        }
        return new Upkeep.Decision(Upkeep.newestSequence(tx, ref), List.of(), purged);
    }

    private static boolean isBelowOneOf(Tx tx, Vaults.Ref ref, long num, Set<Long> others) throws SQLException {
        long at = num;
        while (at != ref.root()) {
            at = tx.number(ref.root(), "SELECT parent FROM node WHERE num = ?", at);
            if (others.contains(at)) {
                return true;
            }
        }
        return false;
    }

    /// A pack to be emptied, and what it keeps, by offset.
    private record Sparse(ChunkIndex.Pack pack, List<ChunkPlace> kept) {}

    /// Seals what sparse packs keep into new ones, and commits these. Returns the packs that can go now if nothing has
    /// come to need them.
    private Set<Long> empty(Retention retention, Progress progress) throws CofferException {
        List<Sparse> sparse = replica.read(vault.id(), (tx, ref) -> sparse(tx, ref, retention));
        Set<Long> emptied = new HashSet<>();
        if (sparse.isEmpty()) {
            return emptied;
        }
        PackWriter writer = new PackWriter(vault, transfer);
        Set<Long> since = new HashSet<>();
        for (Sparse each : sparse) {
            Stop.check(progress);
            if (copy(each, writer)) {
                since.add(each.pack.num());
            }
            if (since.size() == EMPTIED_AT_ONCE || each.equals(sparse.getLast())) {
                upkeep.addPacks(writer.takeStored(), writer.epoch());
                emptied.addAll(since);
                since.clear();
            }
            progress.update("collect", emptied.size(), sparse.size(), Progress.Unit.PACKS);
        }
        return emptied;
    }

    private List<Sparse> sparse(Tx tx, Vaults.Ref ref, Retention retention) throws CofferException, SQLException {
        Liveness live = Liveness.find(tx, ref, source, retention);
        Set<PackId> named = live.packsOfSnapshots();
        ChunkIndex index = new ChunkIndex(tx, ref);
        List<Sparse> found = new ArrayList<>();
        long bytes = 0;
        long chunks = 0;
        for (List<ChunkIndex.Pack> page = index.packs(0, PAGE); !page.isEmpty(); page = next(index, page)) {
            for (ChunkIndex.Pack pack : page) {
                List<ChunkPlace> kept = named.contains(pack.id()) ? List.of() : live.keptBy(pack.num(), Set.of());
                long keptBytes = sealedBytes(kept);
                boolean fits = bytes + keptBytes <= MOVED_MAX && chunks + kept.size() <= MOVED_CHUNKS_MAX;
                if (!kept.isEmpty() && fits && 2 * keptBytes < sealedBytes(PackIndex.places(index.contents(pack.num())))) {
                    found.add(new Sparse(pack, kept));
                    bytes += keptBytes;
                    chunks += kept.size();
                }
            }
        }
        return found;
    }

    private static final int PAGE = 256;

    private static List<ChunkIndex.Pack> next(ChunkIndex index, List<ChunkIndex.Pack> page) throws SQLException {
        return index.packs(page.getLast().num(), PAGE);
    }

    private static long sealedBytes(List<ChunkPlace> places) {
        return places.stream().mapToLong(ChunkPlace::sealedLength).sum();
    }

    /// Seals anew what a pack keeps; false if something of it cannot be read, and then the pack stays.
    private boolean copy(Sparse sparse, PackWriter writer) throws CofferException {
        ChunkIndex.Pack pack = sparse.pack;
        int from = sparse.kept.getFirst().offset();
        int length = sparse.kept.getLast().end() - from;
        if (span.length < length) {
            span = new byte[length];
        }
        PackRef ref = new PackRef(pack.id(), pack.size());
        transfer.read(ref, from, length, span, 0, 0);
        for (ChunkPlace place : sparse.kept) {
            Slice sealed = new Slice(span, place.offset() - from, place.sealedLength());
            byte[] plain;
            try {
                plain = source.codec(pack.epoch()).open(place.id(), sealed);
            } catch (OpenException e) {
                plain = source.read(pack, place.offset(), place.sealedLength(), place.id());
            }
            if (plain == null) {
                return false;
            }
            writer.add(place.id(), Slice.of(plain));
        }
        return true;
    }

    private long release(Retention retention, Set<Long> emptied, Progress progress) throws CofferException {
        long released = 0;
        while (true) {
            Stop.check(progress);
            Upkeep.Decision done = upkeep.commit((tx, ref) -> releases(tx, ref, retention, emptied));
            released += done.released().size();
            progress.update("collect", released, -1, Progress.Unit.PACKS);
            if (done.released().size() < Upkeep.RELEASED_MAX) {
                return released;
            }
        }
    }

    /// Packs that keep nothing in this state.
    private Upkeep.Decision releases(Tx tx, Vaults.Ref ref, Retention retention, Set<Long> emptied)
            throws CofferException, SQLException {
        Liveness live = Liveness.find(tx, ref, source, retention);
        Set<PackId> named = live.packsOfSnapshots();
        ChunkIndex index = new ChunkIndex(tx, ref);
        List<PackId> released = new ArrayList<>();
        for (List<ChunkIndex.Pack> page = index.packs(0, PAGE); !page.isEmpty(); page = next(index, page)) {
            for (ChunkIndex.Pack pack : page) {
                if (!named.contains(pack.id()) && live.isNeedless(pack.num(), emptied)) {
                    released.add(pack.id());
                }
            }
        }
        return new Upkeep.Decision(Upkeep.newestSequence(tx, ref), released, List.of());
    }

    /// Expired versions go when their chunks may; no entry says so, and other devices forget theirs when they collect.
    private void forgetVersions(Retention retention) throws CofferException {
        replica.db().write(tx -> {
            Vaults.Ref ref = Vaults.findOrAdd(tx, vault.id());
            return tx.run(
                    "DELETE FROM version WHERE (node, seq) IN (SELECT v.node, v.seq FROM version v"
                            + " JOIN node n ON n.num = v.node JOIN applied a ON a.vault = n.vault AND a.seq = v.until_seq"
                            + " WHERE n.vault = ? AND " + Retention.EXPIRED + ")",
                    ref.num(), retention.seenMs(), retention.timeMs());
        });
    }
}
