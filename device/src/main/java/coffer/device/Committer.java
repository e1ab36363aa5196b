package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.Limits;
import coffer.core.NodeId;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.PackAdded;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Brings the finished operations of one put into the vault's log, in batches that fit an entry.
///
/// Operations are committed in the order in which they are added, so who adds a folder before what is in it has it
/// committed before or with it. An operation is added when every chunk it names is stored; the packs of those chunks
/// go into the same commit or an earlier one.
final class Committer {

    /// Estimated bytes of a body that is committed at once: an entry holds 1 MiB with header, padding and sealing.
    private static final int BATCH_BYTES_MAX = 720 << 10;

    /// How long what is ready waits for more.
    private static final long WAIT_MAX_NS = TimeUnit.SECONDS.toNanos(2);

    /// Who adds more than this waits for a commit.
    private static final int READY_MAX = 16_384;

    /// An operation, and what the local file looked like whose state it is (null where that is not to be trusted).
    record Ready(Operation operation, @Nullable LocalStat seen) {}

    private final Replica replica;
    private final VaultAccess vault;
    private final PackPipeline packs;
    private final Failures failures;
    private final long epoch;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Ready> ready = new ArrayDeque<>(); // these five guarded by lock
    private long readyBytes;
    private long firstReadyNs;
    private boolean ending;
    private boolean ended;

    private long releasedSeen;
    private long sequenceSeen;

    Committer(Replica replica, VaultAccess vault, PackPipeline packs, long epoch, Failures failures) throws CofferException {
        this.replica = replica;
        this.vault = vault;
        this.packs = packs;
        this.epoch = epoch;
        this.failures = failures;
        this.releasedSeen = replica.read(vault.id(), Committer::releasedSeq);
        this.sequenceSeen = replica.read(vault.id(), Committer::newestSeq);
    }

    /// Adds an operation; waits while too many are ready.
    void add(Ready item) throws CofferException {
        lock.lock();
        try {
            while (ready.size() >= READY_MAX && !ended) {
                failures.check();
                changed.await(100, TimeUnit.MILLISECONDS);
            }
            if (ready.isEmpty()) {
                firstReadyNs = System.nanoTime();
            }
            ready.addLast(item);
            readyBytes += size(item.operation);
            if (readyBytes >= BATCH_BYTES_MAX) {
                changed.signalAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        } finally {
            lock.unlock();
        }
    }

    /// Commits what comes until [#end]; the body of a thread.
    void run() {
        try {
            while (true) {
                List<Ready> batch = nextBatch();
                if (batch == null) {
                    break;
                }
                commit(batch);
            }
        } catch (CofferException | RuntimeException | Error e) {
            failures.add(e);
        } finally {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Says that nothing more is added.
    void end() {
        lock.lock();
        try {
            ending = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable List<Ready> nextBatch() throws CofferException {
        lock.lock();
        try {
            while (!isDue()) {
                failures.check();
                if (ending && ready.isEmpty()) {
                    return packs.hasStored() ? List.of() : null;
                }
                changed.await(100, TimeUnit.MILLISECONDS);
            }
            List<Ready> batch = new ArrayList<>();
            long bytes = 0;
            while (!ready.isEmpty() && batch.size() < Limits.OPERATIONS_MAX) {
                long size = size(ready.getFirst().operation);
                if (!batch.isEmpty() && bytes + size > BATCH_BYTES_MAX) {
                    break;
                }
                bytes += size;
                batch.add(ready.removeFirst());
            }
            readyBytes -= bytes;
            firstReadyNs = System.nanoTime();
            changed.signalAll();
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return readyBytes >= BATCH_BYTES_MAX
                || packs.storedIndexBytes() >= BATCH_BYTES_MAX
                || (!ready.isEmpty() && (ending || System.nanoTime() - firstReadyNs > WAIT_MAX_NS));
    }

    /// Commits a batch with the packs that are stored by now, which include all that it needs.
    private void commit(List<Ready> batch) throws CofferException {
        long bytes = batch.stream().mapToLong(item -> size(item.operation)).sum();
        List<PackPipeline.Job> jobs = packs.takeStored();
        List<PackPipeline.Job> now = new ArrayList<>();
        for (PackPipeline.Job job : jobs) {
            long size = job.indexBytes();
            if (!now.isEmpty() && bytes + size > BATCH_BYTES_MAX + (160 << 10)) {
                append(List.of(), now);
                now.clear();
                bytes = batch.stream().mapToLong(item -> size(item.operation)).sum();
            }
            bytes += size;
            now.add(job);
        }
        if (bytes > BATCH_BYTES_MAX + (160 << 10)) {
            append(List.of(), now);
            now.clear();
        }
        if (!batch.isEmpty() || !now.isEmpty()) {
            append(batch, now);
        }
        remember(batch);
    }

    private void append(List<Ready> batch, List<PackPipeline.Job> jobs) throws CofferException {
        List<Operation> operations = batch.stream().map(Ready::operation).toList();
        List<PackAdded> added = jobs.stream()
                .map(job -> job.added)
                .sorted(Comparator.comparing(PackAdded::id))
                .toList();
        CommitBody body = new CommitBody(operations, added, List.of());
        vault.commit(() -> {
            checkStillTrue(body);
            return new VaultAccess.Plan(body, List.of());
        });
        sequenceSeen = replica.read(vault.id(), Committer::newestSeq);
        jobs.forEach(packs::committed);
    }

    /// What was prepared against an older state must fit the newest one; else the put starts again.
    private void checkStillTrue(CommitBody body) throws CofferException {
        if (vault.epoch() != epoch && !(body.packs().isEmpty() && body.operations().isEmpty())) {
            throw new Restart();
        }
        boolean fits = replica.read(vault.id(), (tx, ref) ->
                (newestSeq(tx, ref) == sequenceSeen || hasParents(tx, ref, body))
                        && (releasedSeq(tx, ref) == releasedSeen || hasChunks(tx, ref, body)));
        if (!fits) {
            throw new Restart();
        }
    }

    private static boolean hasParents(Tx tx, Vaults.Ref ref, CommitBody body) throws SQLException {
        Nodes nodes = new Nodes(tx, ref);
        Set<NodeId> there = new HashSet<>(Set.of(Operation.ROOT));
        for (Operation operation : body.operations()) {
            if (operation instanceof Operation.Put put) {
                if (!there.contains(put.parent())) {
                    Nodes.Node parent = nodes.byId(put.parent());
                    if (parent == null || !nodes.isLive(parent.num())) {
                        return false;
                    }
                    there.add(put.parent());
                }
                there.add(put.node());
            }
        }
        return true;
    }

    private boolean hasChunks(Tx tx, Vaults.Ref ref, CommitBody body) throws SQLException {
        ChunkIndex index = new ChunkIndex(tx, ref);
        for (Operation operation : body.operations()) {
            if (operation instanceof Operation.Put put && put.content() instanceof Content.FileContent file) {
                if (file.depth() > 0) {
                    return false; // its lists name more chunks than are worth looking up here
                }
                for (ChunkId chunk : file.chunks()) {
                    if (!packs.isInFlight(chunk) && !index.contains(chunk)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static long releasedSeq(Tx tx, Vaults.Ref ref) throws SQLException {
        return tx.number(-1, "SELECT released_seq FROM vault WHERE num = ?", ref.num());
    }

    private static long newestSeq(Tx tx, Vaults.Ref ref) throws SQLException {
        return tx.number(-1, "SELECT max(seq) FROM applied WHERE vault = ?", ref.num());
    }

    /// Notes what the local files looked like, so that the next put need not read them.
    private void remember(List<Ready> batch) throws CofferException {
        if (batch.stream().noneMatch(item -> item.seen != null)) {
            return;
        }
        replica.db().write(tx -> {
            Vaults.Ref ref = Vaults.findOrAdd(tx, vault.id());
            try (Tx.Batch rows = StatCache.rows(tx)) {
                for (Ready item : batch) {
                    if (item.seen != null) {
                        StatCache.remember(rows, ref, item.operation.node(), item.seen);
                    }
                }
            }
            return null;
        });
    }

    /// About how many bytes of a body an operation takes.
    static long size(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> 56 + put.name().length() * 2L + size(put.content());
            case Operation.Remove _, Operation.Purge _ -> 20;
        };
    }

    private static long size(Content content) {
        return switch (content) {
            case Content.FileContent file -> 12 + 34L * file.chunks().size();
            case Content.Folder _ -> 1;
            case Content.Symlink link -> 4 + link.target().length() * 3L;
        };
    }
}
