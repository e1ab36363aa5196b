package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.Head;
import coffer.core.log.VaultState;
import coffer.seal.CommitBody;
import coffer.seal.DedupKeys;
import coffer.seal.SnapshotBody;
import coffer.seal.VaultKeys;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The beginning of a vault on a device that knows nothing of it: the last snapshot instead of every body before it.
///
/// The whole chain is verified from its headers all the same, first to find the snapshot, then again as it is kept. The
/// state of the snapshot is loaded in one transaction with the entries up to the one it is of; what comes after is
/// replayed as ever. Anything that does not verify ends this without a trace, and the device replays the whole log.
final class SnapshotStart {

    private static final CommitBody NOTHING = new CommitBody(List.of(), List.of(), List.of());

    /// What of the vault this needs.
    interface Parts {
        LogId id();

        AccountLog accountLog();

        VaultKeyring keyring();

        EntryInfo info(Entry entry);
    }

    private final Parts parts;
    private final ServiceApi service;
    private final ReplicaDb db;
    private final Replica replica;
    private final LogStore store;
    private final Function<VaultState, PackTransfer> transfers;
    private final long snapshotAtLeast;

    /// @param transfers       reads packs of the vault
    /// @param snapshotAtLeast sequence below which replaying everything is as fast
    SnapshotStart(
            Parts parts,
            ServiceApi service,
            ReplicaDb db,
            Replica replica,
            LogStore store,
            Function<VaultState, PackTransfer> transfers,
            long snapshotAtLeast) {
        this.parts = parts;
        this.service = service;
        this.db = db;
        this.replica = replica;
        this.store = store;
        this.transfers = transfers;
        this.snapshotAtLeast = snapshotAtLeast;
    }

    /// The verified state that the replica has after loading; null if nothing was loaded and nothing was changed.
    @Nullable VaultState start() {
        try {
            VaultState newest = survey();
            Head snapshot = newest.snapshot().orElse(null);
            if (snapshot == null || snapshot.sequence() < snapshotAtLeast) {
                return null;
            }
            PackTransfer transfer = transfers.apply(newest);
            SnapshotBody body = body(snapshot);
            return db.write(tx -> load(tx, transfer, body));
        } catch (CofferException e) {
            return null; // replaying the log will say what is wrong, if it is the log
        }
    }

    /// Verifies the whole chain from its headers and learns the keys.
    private VaultState survey() throws CofferException {
        VaultState[] state = {null};
        forEach(Long.MAX_VALUE, entry -> {
            state[0] = next(state[0], entry);
            if (VaultKeyring.startsEpoch(entry)) {
                parts.keyring().add(entry);
            }
        });
        VaultState newest = state[0];
        if (newest == null) {
            throw new CofferException(ErrorCode.CHAIN, "the service serves an empty log");
        }
        return newest;
    }

    private VaultState next(@Nullable VaultState state, Entry entry) throws CofferException {
        VaultState now = state == null
                ? VaultState.begin(entry, parts.accountLog().resolver())
                : state.apply(entry, parts.accountLog().resolver());
        if (!now.id().equals(parts.id())) {
            throw new CofferException(ErrorCode.CHAIN, "the service answers with another vault's log");
        }
        return now;
    }

    @FunctionalInterface
    private interface EntryWork {
        void run(Entry entry) throws CofferException, SQLException;
    }

    /// Visits the entries up to `last`, without the bodies of commits and snapshots.
    private void forEach(long last, EntryWork work) throws CofferException {
        long next = 0;
        while (next <= last) {
            List<Entry> page = service.entries(parts.id(), next, false);
            if (page.isEmpty()) {
                return;
            }
            for (Entry entry : page) {
                if (next++ > last) {
                    return;
                }
                try {
                    work.run(entry);
                } catch (SQLException e) {
                    throw ReplicaDb.failure(e);
                }
            }
        }
    }

    private SnapshotBody body(Head snapshot) throws CofferException {
        List<Entry> page = service.entries(parts.id(), snapshot.sequence(), true);
        if (page.isEmpty() || !page.getFirst().id().equals(snapshot.id()) || !page.getFirst().hasBody()) {
            throw wrong();
        }
        return body(page.getFirst());
    }

    private SnapshotBody body(Entry entry) throws CofferException {
        VaultKeys keys = parts.keyring().keys(entry.header().period(), parts.accountLog());
        try {
            return SnapshotBody.decode(keys.openBody(entry.header().sealContext(), entry.body()));
        } catch (CborException e) {
            throw wrong();
        }
    }

    private VaultState load(Tx tx, PackTransfer transfer, SnapshotBody body) throws CofferException, SQLException {
        try (SnapshotStream stream = new SnapshotStream(body, new ChunkSource(new Keys(), transfer));
                BufferedInputStream in = new BufferedInputStream(stream, 1 << 16)) {
            SnapshotLoad load = new SnapshotLoad(tx, parts.id(), in);
            Head of = load.head();
            VaultState state = keepEntries(tx, of);
            if (!state.head().equals(of)) {
                throw wrong();
            }
            load.items();
            Head earlier = state.snapshot().orElse(null);
            if (earlier != null) {
                SnapshotNotes.note(tx, Vaults.findOrAdd(tx, parts.id()), earlier.sequence(), body(earlier));
            }
            return state;
        } catch (CborException e) {
            throw wrong();
        } catch (IOException e) {
            if (e.getCause() instanceof CofferException failure) {
                throw failure;
            }
            throw wrong();
        }
    }

    /// Keeps the entries up to the snapshot's state, with what their headers say.
    private VaultState keepEntries(Tx tx, Head of) throws CofferException, SQLException {
        VaultState[] state = {null};
        Vaults.Ref vault = Vaults.findOrAdd(tx, parts.id());
        ChunkIndex index = new ChunkIndex(tx, vault);
        forEach(of.sequence(), entry -> {
            VaultState now = next(state[0], entry);
            state[0] = now;
            EntryInfo info = parts.info(entry);
            for (var pack : info.added()) {
                index.add(pack, info.epoch(), info.sequence(), new byte[0]);
            }
            replica.apply(
                    tx,
                    new EntryInfo(
                            info.vault(),
                            info.sequence(),
                            info.timeMs(),
                            info.author(),
                            info.appendOnly(),
                            info.epoch(),
                            List.of(),
                            info.released()),
                    NOTHING);
            store.append(tx, parts.id(), "vault", bare(entry), now.encode());
        });
        VaultState reached = state[0];
        if (reached == null) {
            throw wrong();
        }
        return reached;
    }

    private static Entry bare(Entry entry) {
        return switch (entry.header().control()) {
            case Control.Commit _, Control.Snapshot _ -> entry.withoutBody();
            case Control.VaultGenesis _,
                    Control.EpochStarted _,
                    Control.Residency _,
                    Control.AccountGenesis _,
                    Control.DeviceAdded _,
                    Control.DeviceRemoved _,
                    Control.GenerationStarted _,
                    Control.Settings _,
                    Control.Recovered _ -> entry;
        };
    }

    static CofferException wrong() {
        return new CofferException(ErrorCode.INTEGRITY, "A snapshot does not fit its log.");
    }

    /// The keys, before the vault has a state.
    private final class Keys implements VaultAccess {
        @Override
        public LogId id() {
            return parts.id();
        }

        @Override
        public long epoch() {
            throw new IllegalStateException("only for reading");
        }

        @Override
        public VaultKeys keys(long epoch) throws CofferException {
            return parts.keyring().keys(epoch, parts.accountLog());
        }

        @Override
        public DedupKeys dedup() {
            try {
                return parts.keyring().dedup(parts.accountLog());
            } catch (CofferException e) {
                throw new IllegalStateException("the survey has learned the keys", e);
            }
        }

        @Override
        public Head commit(Planner planner) {
            throw new IllegalStateException("only for reading");
        }

        @Override
        public long refresh() {
            throw new IllegalStateException("only for reading");
        }
    }
}
