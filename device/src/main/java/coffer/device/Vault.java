package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.log.AuthorAccount;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.EntryHeader;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import coffer.core.log.Role;
import coffer.core.log.VaultState;
import coffer.seal.CommitBody;
import coffer.seal.DedupKeys;
import coffer.seal.DeviceKeys;
import coffer.seal.KnownHead;
import coffer.seal.OpenException;
import coffer.seal.RandomSource;
import coffer.seal.Secret;
import coffer.seal.SnapshotBody;
import coffer.seal.VaultKeys;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One vault on this device: its verified log, its keys, and the loop that appends to it.
///
/// The lock is the device's one log lock; it guards the account's log, this log and every append, and is held while
/// the service is asked. Reading the tree needs it not: that is the replica's.
final class Vault implements VaultAccess, AutoCloseable {

    private static final int TRIES_MAX = 50;
    private static final CommitBody NOTHING = new CommitBody(List.of(), List.of(), List.of());

    private final LogId id;
    private final ReentrantLock lock;
    private final AccountSync account;
    private final ServiceApi service;
    private final ReplicaDb db;
    private final Replica replica;
    private final LogStore store;
    private final LogWatchStore transparency;
    private final EntryMaker maker;
    private final Twin twin;
    private final VaultKeyring keyring;
    private @Nullable VaultState state;
    private volatile @Nullable DedupKeys dedup;
    private @Nullable Function<VaultState, PackTransfer> packs; // guarded by lock, as is the next
    private long snapshotAtLeast;

    /// Reads what the device has of the log.
    Vault(
            LogId id,
            ReentrantLock lock,
            AccountSync account,
            ServiceApi service,
            ReplicaDb db,
            Replica replica,
            DeviceKeys keys,
            Clock clock)
            throws CofferException {
        this.id = id;
        this.lock = lock;
        this.account = account;
        this.service = service;
        this.db = db;
        this.replica = replica;
        this.store = new LogStore(db);
        this.transparency = new LogWatchStore(db);
        this.maker = new EntryMaker(keys, clock);
        this.twin = new Twin(db, id, maker.author());
        this.keyring = new VaultKeyring(account.log().id());
        load();
    }

    private void load() throws CofferException {
        Bytes kept = store.standing(id).map(LogStore.Standing::state).orElse(null);
        if (kept == null) {
            return;
        }
        try {
            state = VaultState.restore(kept.toArray());
        } catch (CborException e) {
            throw Refusals.damaged("The vault's state kept on this device is damaged.", e);
        }
        store.forEachEpochStart(id, keyring::add);
        dedup = keyring.dedup(account.log());
    }

    @Override
    public LogId id() {
        return id;
    }

    VaultState state() {
        VaultState present = state;
        if (present == null) {
            throw new IllegalStateException("the vault's log has not been fetched yet");
        }
        return present;
    }

    @Override
    public long epoch() {
        return locked(() -> state().epoch().number());
    }

    @Override
    public VaultKeys keys(long epoch) throws CofferException {
        return locked(() -> keyring.keys(epoch, account.log()));
    }

    @Override
    public DedupKeys dedup() {
        DedupKeys present = dedup;
        if (present == null) {
            throw new IllegalStateException("the vault's log has not been fetched yet");
        }
        return present;
    }

    @Override
    public long refresh() throws CofferException {
        return locked(() -> account.refresh() + refreshVault());
    }

    @Override
    public Head commit(Planner planner) throws CofferException {
        return append((now, accountLog) -> {
            Plan plan = planner.plan();
            return plan == null ? null : commitEntry(plan);
        });
    }

    /// Appends an entry made from the newest state, again when others were first; a maker that returns null is done.
    Head append(EntryFromState entryMaker) throws CofferException {
        return locked(() -> {
            for (int tries = 1; tries <= TRIES_MAX; tries++) {
                prepareToWrite();
                Entry entry = entryMaker.make(state(), account.log());
                if (entry == null) {
                    return state().head();
                }
                if (offer(entry)) {
                    return entry.head();
                }
                Pause.beforeTry(tries + 1);
            }
            throw new CofferException(ErrorCode.UNAVAILABLE, "other devices kept writing first");
        });
    }

    /// Makes an entry from the newest states.
    @FunctionalInterface
    interface EntryFromState {
        @Nullable
        Entry make(VaultState vault, AccountLog accountLog) throws CofferException;
    }

    /// Starts a new epoch if a device has left the account since the present one began.
    void rotateIfNeeded() throws CofferException {
        locked(() -> {
            account.refresh();
            refreshVault();
            rotateWhileNeeded();
            return null;
        });
    }

    boolean needsNewEpoch() {
        return locked(() -> state != null && state().needsNewEpoch(account.state()));
    }

    /// Lets a device that knows nothing of the vault begin with its last snapshot, if that is of this sequence or above.
    ///
    /// @param transfers reads packs of a vault in that state
    void mayStartFromSnapshot(Function<VaultState, PackTransfer> transfers, long atLeast) {
        locked(() -> {
            packs = transfers;
            snapshotAtLeast = atLeast;
            return null;
        });
    }

    private void startFromSnapshot() {
        Function<VaultState, PackTransfer> transfers = packs;
        if (state != null || transfers == null) {
            return;
        }
        SnapshotStart.Parts parts = new SnapshotStart.Parts() {
            @Override
            public LogId id() {
                return id;
            }

            @Override
            public AccountLog accountLog() {
                return account.log();
            }

            @Override
            public VaultKeyring keyring() {
                return keyring;
            }

            @Override
            public EntryInfo info(Entry entry) {
                return Vault.this.info(entry);
            }
        };
        state = new SnapshotStart(parts, service, db, replica, store, transfers, snapshotAtLeast).start();
    }

    private void prepareToWrite() throws CofferException {
        account.refresh();
        refreshVault();
        LogFreeze.requireThawed(store, account.log().id());
        LogFreeze.requireThawed(store, id);
        rotateWhileNeeded();
    }

    private void rotateWhileNeeded() throws CofferException {
        for (int tries = 1; state().needsNewEpoch(account.state()); tries++) {
            if (tries > TRIES_MAX) {
                throw new CofferException(ErrorCode.UNAVAILABLE, "other devices kept writing first");
            }
            LogFreeze.requireThawed(store, id);
            if (!offer(epochEntry())) {
                refreshVault();
            }
        }
    }

    private Entry epochEntry() throws CofferException {
        VaultState now = state();
        long number = now.epoch().number() + 1;
        try (Secret secret = Secret.random(RandomSource.secure());
                VaultKeys next = VaultKeys.of(secret, number)) {
            var spot = new KeyRotation.Spot(id, now.head().sequence() + 1, maker.author());
            var epoch = KeyRotation.epoch(
                    spot, next, account.state(), keyring.keys(now.epoch().number(), account.log()));
            return maker.make(
                    place(now),
                    author(),
                    number,
                    List.of(),
                    List.of(),
                    new Control.EpochStarted(epoch),
                    EntryMaker.NO_BODY);
        }
    }

    private Entry commitEntry(Plan plan) throws CofferException {
        VaultState now = state();
        long epoch = now.epoch().number();
        byte[] body = withKnownHeads(plan.body()).encode();
        VaultKeys keys = keyring.keys(epoch, account.log());
        List<PackRef> added = plan.body().packs().stream()
                .map(pack -> new PackRef(pack.id(), pack.size()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        return maker.make(
                place(now),
                author(),
                epoch,
                added,
                plan.released().stream().sorted().toList(),
                new Control.Commit(),
                context -> keys.sealBody(context, body));
    }

    /// Tells other devices of the vault what this one has verified of the transparency log, so that they can notice if
    /// they are shown another.
    private CommitBody withKnownHeads(CommitBody body) throws CofferException {
        List<KnownHead> heads = transparency.head().stream().toList();
        return heads.isEmpty() ? body : new CommitBody(body.operations(), body.packs(), heads);
    }

    EntryMaker maker() {
        return maker;
    }

    EntryMaker.Place place(VaultState now) {
        return new EntryMaker.Place(id, now.head());
    }

    AuthorAccount author() {
        return new AuthorAccount(account.log().id(), account.state().head());
    }

    /// Whether the entry is now in the log. A lost answer is settled by reading the log.
    private boolean offer(Entry entry) throws CofferException {
        ServiceApi.Appended outcome;
        twin.offers(entry);
        try {
            outcome = service.append(id, entry);
        } catch (CofferException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
            refreshVault();
            return store.entry(id, entry.header().sequence())
                    .filter(stored -> stored.id().equals(entry.id()))
                    .isPresent();
        }
        if (outcome instanceof ServiceApi.Appended.Accepted) {
            apply(List.of(entry));
            return true;
        }
        return false;
    }

    private long refreshVault() throws CofferException {
        startFromSnapshot();
        if (state != null) {
            Head served = LogFreeze.check(service, store, id, state().head(), account.state());
            if (served.equals(state().head())) {
                return 0;
            }
        }
        long applied = 0;
        while (true) {
            long next = state == null ? 0 : state().head().sequence() + 1;
            List<Entry> page = service.entries(id, next, true);
            if (page.isEmpty()) {
                if (state == null) {
                    throw new CofferException(ErrorCode.CHAIN, "the service shows nothing of the vault's log");
                }
                return applied;
            }
            if (state != null) {
                LogFreeze.checkFollows(store, id, state().head(), page.getFirst(), account.state());
            }
            apply(page);
            applied += page.size();
        }
    }

    /// Verifies entries and applies them to the replica, in one transaction: all or none.
    void apply(List<Entry> entries) throws CofferException {
        VaultState after = db.write(tx -> {
            VaultState now = state;
            for (Entry entry : entries) {
                now = now == null
                        ? VaultState.begin(entry, account.log().resolver())
                        : now.apply(entry, account.log().resolver());
                if (!now.id().equals(id)) {
                    throw new CofferException(ErrorCode.CHAIN, "the service answers with another vault's log");
                }
                if (VaultKeyring.startsEpoch(entry)) {
                    keyring.add(entry);
                }
                applyBody(tx, entry);
                store.append(tx, id, "vault", entry, now.encode());
                if (state != null) {
                    twin.met(tx, entry);
                }
            }
            return now;
        });
        state = after;
        if (dedup == null) {
            dedup = keyring.dedup(account.log());
        }
    }

    private EntryInfo info(Entry entry) {
        EntryHeader header = entry.header();
        Role role = Objects.requireNonNull(account.state().devices().get(header.author())).role();
        return new EntryInfo(
                id,
                header.sequence(),
                header.timeMs(),
                header.author(),
                role != Role.FULL,
                header.period(),
                header.added(),
                header.released());
    }

    /// Applies what the sealed body says, if the kind has one that speaks of the tree. One that a member sealed wrongly
    /// says nothing: every device sees the same, so all agree.
    private void applyBody(Tx tx, Entry entry) throws CofferException, SQLException {
        EntryInfo info = info(entry);
        CommitBody commit = NOTHING;
        @Nullable SnapshotBody snapshot = null;
        try {
            if (entry.header().control() instanceof Control.Commit) {
                commit = CommitBody.decode(open(entry));
            } else if (entry.header().control() instanceof Control.Snapshot) {
                snapshot = SnapshotBody.decode(open(entry));
            }
        } catch (OpenException | CborException e) {
            replica.applyUnreadable(tx, info);
            return;
        }
        for (KnownHead head : commit.heads()) {
            if (head.log().equals(LogWatchStore.ID) && !entry.header().author().equals(maker.author())) {
                LogWatchStore.heard(tx, head.head());
            }
        }
        if (snapshot == null) {
            replica.apply(tx, info, commit);
        } else {
            SnapshotNotes.apply(tx, replica, info, snapshot);
        }
    }

    private byte[] open(Entry entry) throws CofferException, OpenException {
        return keyring.keys(entry.header().period(), account.log())
                .openBody(entry.header().sealContext(), entry.body());
    }

    /// Whether somebody else writes in this device's name.
    Twin twin() {
        return twin;
    }

    /// The code that froze this log, if any.
    @Nullable
    ErrorCode frozen() throws CofferException {
        return store.frozen(id);
    }

    Map<Long, Entry> epochStarts() {
        return keyring.starts();
    }

    @FunctionalInterface
    private interface Guarded<T extends @Nullable Object, X extends Exception> {
        T run() throws X;
    }

    private <T extends @Nullable Object, X extends Exception> T locked(Guarded<T, X> work) throws X {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        keyring.close();
    }
}
