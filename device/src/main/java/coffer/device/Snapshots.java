package coffer.device;

import coffer.core.Bytes;
import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import coffer.core.log.VaultState;
import coffer.seal.ChunkPlace;
import coffer.seal.Content;
import coffer.seal.PackAdded;
import coffer.seal.PackContents;
import coffer.seal.Slice;
import coffer.seal.SnapshotBody;
import coffer.seal.SnapshotHeader;
import coffer.seal.SnapshotItem;
import coffer.seal.SnapshotWriter;
import coffer.seal.VaultKeys;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes snapshots: the whole state of a vault as a stream of chunks, most of which the last snapshot shares, and an
/// entry that says where they lie (docs/spec/bodies.md, "Snapshot").
final class Snapshots {

    /// Entries after which a new device begins faster with a snapshot than by reading them all.
    static final long EVERY = 1_000;

    private static final int TRIES_MAX = 3;

    private final Replica replica;
    private final Vault vault;
    private final PackTransfer transfer;

    Snapshots(Replica replica, Vault vault, PackTransfer transfer) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
    }

    /// Whether it is time for another snapshot.
    static boolean isDue(VaultState state) {
        long last = state.snapshot().map(Head::sequence).orElse(0L);
        return state.head().sequence() - last >= EVERY;
    }

    /// Writes a snapshot of the newest state; returns the sequence of its entry.
    synchronized long write(Progress progress) throws CofferException {
        for (int tries = 1; ; tries++) {
            vault.refresh();
            try {
                Draft draft = draft(progress);
                return vault.append((now, accountLog) -> entry(draft, now)).sequence();
            } catch (Restart restart) {
                if (tries == TRIES_MAX) {
                    throw restart;
                }
            }
        }
    }

    private record Draft(SnapshotBody body, List<PackRef> added, long epoch) {}

    private Entry entry(Draft draft, VaultState now) throws CofferException {
        if (now.epoch().number() != draft.epoch || !replica.read(vault.id(), (tx, ref) -> isHeld(tx, ref, draft))) {
            throw new Restart();
        }
        VaultKeys keys = vault.keys(draft.epoch);
        byte[] body = draft.body.encode();
        return vault.maker().make(
                vault.place(now),
                vault.author(),
                draft.epoch,
                draft.added,
                List.of(),
                new Control.Snapshot(),
                context -> keys.sealBody(context, body));
    }

    /// Whether all packs that the draft counts on are still there.
    private static boolean isHeld(Tx tx, Vaults.Ref ref, Draft draft) throws SQLException {
        ChunkIndex index = new ChunkIndex(tx, ref);
        List<PackId> added = draft.added.stream().map(PackRef::id).toList();
        for (SnapshotItem.PackItem pack : draft.body.packs()) {
            if (!added.contains(pack.id()) && !index.holds(pack.id())) {
                return false;
            }
        }
        return true;
    }

    private Draft draft(Progress progress) throws CofferException {
        PackWriter writer = new PackWriter(vault, transfer);
        return replica.read(vault.id(), (tx, ref) -> {
            Placing placing = new Placing(new ChunkIndex(tx, ref), writer, progress);
            SnapshotHeader header = new SnapshotHeader(vault.id(), head(tx));
            try (ChunkedOutput chunks = new ChunkedOutput(vault.dedup().chunker(), placing::place);
                    BufferedOutputStream out = new BufferedOutputStream(chunks, 1 << 16)) {
                SnapshotWriter items = new SnapshotWriter(out, header);
                SnapshotDump.write(tx, ref, items);
                items.end();
            } catch (IOException e) {
                if (e.getCause() instanceof CofferException failure) {
                    throw failure;
                }
                throw new IllegalStateException("only sending chunks can fail", e);
            }
            return placing.draft();
        });
    }

    /// The entry that this transaction sees the state after.
    private Head head(Tx tx) throws SQLException, CofferException {
        try (Tx.Rows rows = tx.query("SELECT head_seq, head_id FROM log WHERE id = ?", (Object) vault.id().toArray())) {
            if (!rows.next()) {
                throw Refusals.damaged("The vault's log is missing on this device.", null);
            }
            return new Head(rows.number(1), new Hash(Bytes.of(rows.bytes(2))));
        }
    }

    /// Gives each chunk of the stream a place: where it lies already, or in a new pack.
    private final class Placing {

        private record Where(ChunkIndex.Pack pack, Map<Integer, ChunkPlace> chunks) {}

        private final ChunkIndex index;
        private final PackWriter writer;
        private final Progress progress;
        private final List<ChunkId> stream = new ArrayList<>();
        private final Map<Long, Where> known = new HashMap<>();
        private long bytes;

        Placing(ChunkIndex index, PackWriter writer, Progress progress) {
            this.index = index;
            this.writer = writer;
            this.progress = progress;
        }

        void place(Slice plain) throws CofferException {
            Stop.check(progress);
            bytes += plain.length();
            progress.update("snapshot", bytes, -1, Progress.Unit.BYTES);
            stream.add(name(plain));
        }

        private ChunkId name(Slice plain) throws CofferException {
            ChunkId id = vault.dedup().id(plain.array(), plain.offset(), plain.length());
            try {
                ChunkIndex.Place place = index.contains(id) ? index.find(id) : null;
                ChunkIndex.Pack pack = place == null ? null : index.pack(place.packNum());
                if (place == null || pack == null) {
                    writer.add(id, plain);
                } else {
                    known.computeIfAbsent(place.packNum(), num -> new Where(pack, new TreeMap<>()))
                            .chunks
                            .put(
                                    place.offset(),
                                    new ChunkPlace(id, place.offset(), place.sealedLength(), place.plainLength()));
                }
            } catch (SQLException e) {
                throw ReplicaDb.failure(e);
            }
            return id;
        }

        Draft draft() throws CofferException {
            Content.FileContent content = FileLists.content(bytes, stream, this::name);
            List<SnapshotItem.PackItem> packs = new ArrayList<>();
            for (Where where : known.values()) {
                packs.add(new SnapshotItem.PackItem(
                        where.pack.id(),
                        (int) where.pack.size(),
                        where.pack.epoch(),
                        new PackContents(List.copyOf(where.chunks.values()))));
            }
            List<PackRef> added = new ArrayList<>();
            for (PackAdded pack : writer.takeStored()) {
                packs.add(new SnapshotItem.PackItem(pack.id(), pack.size(), writer.epoch(), pack.contents()));
                added.add(new PackRef(pack.id(), pack.size()));
            }
            added.sort(Comparator.comparing(PackRef::id));
            return new Draft(new SnapshotBody(content, packs), added, writer.epoch());
        }
    }
}
