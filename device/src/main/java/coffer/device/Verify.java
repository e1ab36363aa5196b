package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.ChunkPlace;
import coffer.seal.PackAdded;
import coffer.seal.Slice;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// Checks that what the log says is stored is stored, and heals what it can (docs/spec/collection.md, "Check and
/// repair").
///
/// Healing never gives anything up: a bad copy is written anew from a good one; chunks that still open in a damaged pack
/// are sealed into a new one; and only a damaged pack that nothing needs any more is released. What can be healed by
/// nothing but the original files is remembered in [DamagedPacks] and reported with the paths it touches.
final class Verify {

    /// Packs read at once; each takes the memory of a pack.
    private static final int READERS = 2;

    /// Packs asked about at once.
    private static final int PAGE = 256;

    /// Problems reported one by one; more are only counted.
    static final int PROBLEMS_MAX = 1_000;

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final InstantSource clock;
    private final ChunkSource source;
    private final Upkeep upkeep;

    Verify(Replica replica, VaultAccess vault, PackTransfer transfer, InstantSource clock) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
        this.clock = clock;
        this.source = new ChunkSource(vault, transfer);
        this.upkeep = new Upkeep(replica, vault);
    }

    /// As [Device#verify].
    ///
    /// @param account whose kept entries are checked too, with those of the vault
    Device.VerifyReport run(boolean full, LogId account, Progress progress) throws CofferException {
        vault.refresh();
        Run run = new Run(full, progress);
        LogCheck check = new LogCheck(replica.db());
        run.entries = check.checkAccount(account, run::problem) + check.checkVault(vault.id(), run::problem);
        if (full) {
            run.tryTo(this::releaseReplaced);
        }
        run.packs();
        FileCheck files = new FileCheck(replica, vault.id(), source, clock);
        FileCheck.Counts counts = files.check(run::problem, progress);
        if (full) {
            run.tryTo(this::releaseReplaced);
        }
        return new Device.VerifyReport(
                run.entries, run.packs, run.packBytes, full ? run.opened.get() : counts.chunks(), counts.files(), run.report());
    }

    /// Releases damaged packs that hold nothing any more that is needed and lies nowhere else.
    private void releaseReplaced() throws CofferException {
        Retention retention = Retention.now(replica.db(), clock);
        upkeep.commit((tx, ref) -> {
            List<ChunkIndex.Pack> damaged = DamagedPacks.of(tx, ref);
            List<PackId> released = new ArrayList<>();
            if (!damaged.isEmpty()) {
                Liveness live = Liveness.find(tx, ref, source, retention);
                for (ChunkIndex.Pack pack : damaged) {
                    if (live.isNeedless(pack.num(), Set.of())) {
                        released.add(pack.id());
                    }
                }
            }
            return new Upkeep.Decision(Upkeep.newestSequence(tx, ref), released, List.of());
        });
    }

    /// What one run has found.
    private final class Run {

        private final boolean full;
        private final Progress progress;
        private final List<Device.Problem> problems = new ArrayList<>();
        private long moreProblems;
        private long entries;
        private long packs;
        private long packBytes;
        private final AtomicLong opened = new AtomicLong();
        private final AtomicLong done = new AtomicLong();
        private long total;

        Run(boolean full, Progress progress) {
            this.full = full;
            this.progress = progress;
        }

        synchronized void problem(String where, ErrorCode code, String message) {
            if (problems.size() < PROBLEMS_MAX) {
                problems.add(new Device.Problem(where, code.name(), message));
            } else {
                moreProblems++;
            }
        }

        synchronized List<Device.Problem> report() {
            List<Device.Problem> all = new ArrayList<>(problems);
            if (moreProblems > 0) {
                all.add(new Device.Problem(moreProblems + " more", ErrorCode.INTEGRITY.name(), "Not listed."));
            }
            return List.copyOf(all);
        }

        /// Repair that cannot be done now is a problem, no failure of the check.
        void tryTo(Repair repair) throws CofferException {
            try {
                repair.run();
            } catch (CofferException e) {
                Stop.check(progress);
                problem("repair", e.code(), "Damage could not be repaired now.");
            }
        }

        void packs() throws CofferException {
            total = replica.totals(vault.id()).packs();
            PackWriter rescued = full ? new PackWriter(vault, transfer) : null;
            try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
                List<PackCheck> checks = List.of(new PackCheck(transfer, source), new PackCheck(transfer, source));
                long after = 0;
                while (true) {
                    long from = after;
                    List<ChunkIndex.Pack> page =
                            replica.read(vault.id(), (tx, ref) -> new ChunkIndex(tx, ref).packs(from, PAGE));
                    if (page.isEmpty()) {
                        break;
                    }
                    after = page.getLast().num();
                    Set<PackId> stored = stored(page);
                    if (rescued != null) {
                        readAll(page, stored, checks, readers, rescued);
                    }
                }
            }
            if (rescued != null && !rescued.isEmpty()) {
                tryTo(() -> {
                    List<PackAdded> stored = rescued.takeStored();
                    upkeep.addPacks(stored, rescued.epoch());
                });
            }
        }

        /// Asks which packs are stored as they should be.
        private Set<PackId> stored(List<ChunkIndex.Pack> page) throws CofferException {
            Stop.check(progress);
            Set<PackId> stored =
                    transfer.stored(page.stream().map(pack -> new PackRef(pack.id(), pack.size())).toList());
            replica.db().write(tx -> {
                for (ChunkIndex.Pack pack : page) {
                    if (stored.contains(pack.id())) {
                        DamagedPacks.clearMissing(tx, pack.num());
                    } else if (!full) {
                        DamagedPacks.mark(tx, pack.num(), DamagedPacks.Reason.MISSING, clock.millis());
                    }
                }
                return null;
            });
            for (ChunkIndex.Pack pack : page) {
                packs++;
                packBytes += pack.size();
                if (!full) {
                    progress.update("verify", packs, total, Progress.Unit.PACKS);
                    if (!stored.contains(pack.id())) {
                        problem(where(pack), ErrorCode.INTEGRITY, "A pack is not stored as it should be.");
                    }
                }
            }
            return stored;
        }

        private void readAll(
                List<ChunkIndex.Pack> page,
                Set<PackId> stored,
                List<PackCheck> checks,
                ExecutorService readers,
                PackWriter rescued)
                throws CofferException {
            transfer.announce(page.stream().map(ChunkIndex.Pack::id).toList());
            AtomicLong next = new AtomicLong();
            List<Future<?>> running = new ArrayList<>();
            for (PackCheck check : checks) {
                running.add(readers.submit(() -> {
                    for (long at = next.getAndIncrement(); at < page.size(); at = next.getAndIncrement()) {
                        Stop.check(progress);
                        ChunkIndex.Pack pack = page.get((int) at);
                        read(pack, stored.contains(pack.id()), check, rescued);
                        progress.update("verify", done.incrementAndGet(), total, Progress.Unit.PACKS);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                await(each);
            }
        }

        private void read(ChunkIndex.Pack pack, boolean isStored, PackCheck check, PackWriter rescued)
                throws CofferException {
            List<ChunkPlace> places = replica.read(
                    vault.id(), (tx, ref) -> List.copyOf(PackIndex.places(new ChunkIndex(tx, ref).contents(pack.num()))));
            PackCheck.Outcome outcome = check.check(pack, places, (id, plain) -> rescue(rescued, pack, id, plain));
            opened.addAndGet(outcome.chunks());
            if (outcome.health() != PackCheck.Health.UNKNOWN) {
                note(tx -> Proven.replace(tx, pack.num(), check.proven(), clock.millis()));
            }
            switch (outcome.health()) {
                case WELL -> note(tx -> DamagedPacks.clear(tx, pack.num()));
                case MENDED -> {
                    note(tx -> DamagedPacks.clear(tx, pack.num()));
                    problem(where(pack), ErrorCode.INTEGRITY, "A copy was damaged; it was written anew from another.");
                }
                case DAMAGED -> {
                    note(tx -> DamagedPacks.mark(tx, pack.num(), DamagedPacks.Reason.DAMAGED, clock.millis()));
                    problem(where(pack), ErrorCode.INTEGRITY, "A pack is damaged or missing.");
                }
                case UNKNOWN -> {
                    if (isStored) {
                        problem(where(pack), ErrorCode.UNAVAILABLE, "A pack could not be read now.");
                    } else {
                        note(tx -> DamagedPacks.mark(tx, pack.num(), DamagedPacks.Reason.MISSING, clock.millis()));
                        problem(where(pack), ErrorCode.INTEGRITY, "A pack is damaged or missing.");
                    }
                }
            }
        }

        /// Seals a chunk anew that still opens, unless a healthy pack has it.
        private void rescue(PackWriter rescued, ChunkIndex.Pack damaged, ChunkId id, Slice plain) throws CofferException {
            boolean elsewhere = replica.read(vault.id(), (tx, ref) -> {
                ChunkIndex.Place best = new ChunkIndex(tx, ref).find(id);
                return new ChunkIndex(tx, ref).contains(id) && best != null && best.packNum() != damaged.num();
            });
            if (!elsewhere) {
                rescued.add(id, plain);
            }
        }

        private void note(Note note) throws CofferException {
            replica.db().write(tx -> {
                note.write(tx);
                return null;
            });
        }
    }

    @FunctionalInterface
    private interface Note {
        void write(Tx tx) throws SQLException;
    }

    @FunctionalInterface
    private interface Repair {
        void run() throws CofferException;
    }

    private static void await(Future<?> future) throws CofferException {
        try {
            future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case CofferException failure -> throw failure;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private static String where(ChunkIndex.Pack pack) {
        return "pack " + pack.id().hex();
    }
}
