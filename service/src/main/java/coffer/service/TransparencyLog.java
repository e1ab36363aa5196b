package coffer.service;

import coffer.core.Hash;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.MerkleTree;
import coffer.core.tlog.NoteSigner;
import coffer.core.tlog.NoteVerifier;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderDirectory.IllegalStatementException;
import coffer.core.tlog.Statement;
import coffer.service.StorageException.Reason;
import coffer.service.TlogStorage.DueHead;
import coffer.service.TlogStorage.Leaf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transparency log of this service (docs/spec/transparency.md).
///
/// One thread orders what is appended, and heads of account logs that have become due. Order of writes: entries and hashes in
/// one transaction, then the checkpoint into its file, then the same checkpoint to readers, then the answer to whoever
/// appended. So a leaf is acknowledged only when it is durable and covered by a published checkpoint, a crash leaves at most
/// entries that no checkpoint covers yet, and no published checkpoint is ever contradicted: at start the entries must lead
/// to the last one, or the service does not start.
final class TransparencyLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TransparencyLog.class);
    private static final int QUEUE_MAX = 1_024;
    private static final int BATCH_MAX = 256;
    private static final long IDLE_MS = 10_000;

    /// What readers see, all of one moment.
    ///
    /// @param note the signed checkpoint of the log's state after the list's statements
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Published(long size, byte[] note, ProviderDirectory directory) {}

    private record Task(List<Statement> statements, CompletableFuture<Long> first) {}

    private final TlogStorage storage;
    private final NoteSigner signer;
    private final TlogFiles files;
    private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;

    /// What is durable; of the ordering thread alone.
    private Frontier frontier;

    private ProviderDirectory providers;
    private boolean uncertain;

    private volatile Published published;
    private volatile boolean closed;

    private TransparencyLog(TlogStorage storage, NoteSigner signer, TlogFiles files, TlogReplay replay) throws IOException {
        this.storage = storage;
        this.signer = signer;
        this.files = files;
        this.frontier = replay.frontier();
        this.providers = replay.providers();
        this.published = signed();
        this.thread = Thread.ofPlatform().name("transparency-log").daemon().start(this::run);
    }

    /// Verifies what is stored against the last checkpoint and goes on from there. Owns the signer from then on.
    ///
    /// @throws IOException the entries do not lead to the last published checkpoint, or the key is another one
    static TransparencyLog open(TlogStorage storage, NoteSigner signer, TlogFiles files)
            throws IOException, StorageException {
        TlogReplay replay = TlogReplay.run(storage, TlogReplay.last(files, signer.verifier(), storage.size()));
        return new TransparencyLog(storage, signer, files, replay);
    }

    /// Makes the checkpoint of what is durable, keeps it, and returns it for publication.
    private Published signed() throws IOException {
        byte[] note = new Checkpoint(signer.verifier().name(), frontier.size(), frontier.root()).sign(signer).encode();
        files.writeCheckpoint(note);
        return new Published(frontier.size(), note, providers);
    }

    /// The key that signs it, as devices and auditors name it.
    NoteVerifier verifier() {
        return signer.verifier();
    }

    /// Entries that the published checkpoint covers.
    long size() {
        return published.size();
    }

    /// The published checkpoint, a signed note.
    byte[] checkpoint() {
        return published.note();
    }

    /// The regions and providers as the published statements give them.
    ProviderDirectory directory() {
        return published.directory();
    }

    /// Appends a statement and returns its index once it is durable and published.
    ///
    /// @throws IllegalStatementException it may not follow what stands there; nothing was appended
    /// @throws StorageException          it was not acknowledged; after a failure other than BUSY it may still come to stand there
    long append(Statement statement) throws IllegalStatementException, StorageException {
        return append(List.of(statement));
    }

    /// Appends statements, one behind the other, all or none, and returns the index of the first.
    long append(List<Statement> statements) throws IllegalStatementException, StorageException {
        Task task = new Task(List.copyOf(statements), new CompletableFuture<>());
        if (closed || !queue.offer(task)) {
            throw new StorageException(Reason.BUSY, "the transparency log is busy or closing");
        }
        if (!thread.isAlive()) {
            task.first.completeExceptionally(new StorageException(Reason.BUSY, "the transparency log is closing"));
        }
        try {
            return task.first.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Reason.FAILED, "interrupted; nobody knows whether the log has grown", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IllegalStatementException illegal -> throw illegal;
                case StorageException failure -> throw failure;
                case null, default -> throw new IllegalStateException("the transparency log failed", e.getCause());
            }
        }
    }

    /// An account's log has grown: its head is put into the log soon. Never waits.
    void accountGrown() {
        // A full queue is work at hand, and with any work the heads that are due are looked for.
        boolean _ = queue.offer(new Task(List.of(), new CompletableFuture<>()));
    }

    /// What to do with each statement.
    @FunctionalInterface
    interface Visitor {
        void visit(long index, Statement statement);
    }

    /// Visits the published statements from `from` on, in order.
    void forEach(long from, Visitor visitor) throws StorageException {
        TlogReplay.forEach(storage, from, size(), visitor);
    }

    private void run() {
        while (!closed || !queue.isEmpty()) {
            List<Task> batch = new ArrayList<>();
            Task first = poll();
            if (first != null) {
                batch.add(first);
                queue.drainTo(batch, BATCH_MAX - 1);
            }
            work(batch);
        }
    }

    private @Nullable Task poll() {
        try {
            return queue.poll(IDLE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but `close`, which has set `closed`.
            return null;
        }
    }

    /// Whatever fails here fails the callers; the next round begins from what is durable.
    private void work(List<Task> batch) {
        try {
            if (uncertain) {
                TlogReplay replay = TlogReplay.run(storage, Optional.empty());
                frontier = replay.frontier();
                providers = replay.providers();
                uncertain = false;
            }
            List<DueHead> due = storage.due(BATCH_MAX);
            while (!batch.isEmpty() || !due.isEmpty() || published.size() != frontier.size()) {
                appendAndPublish(batch, due);
                batch = List.of();
                due = due.size() < BATCH_MAX ? List.of() : storage.due(BATCH_MAX);
            }
        } catch (StorageException | IOException | RuntimeException e) {
            LOG.warn("event=tlog outcome=failed", e);
            Exception failure = e instanceof StorageException ? e : new StorageException(Reason.FAILED, "the transparency log cannot be written", e);
            batch.forEach(task -> task.first.completeExceptionally(failure));
        }
    }

    private void appendAndPublish(List<Task> batch, List<DueHead> due) throws StorageException, IOException {
        List<Leaf> leaves = new ArrayList<>();
        List<Runnable> answers = new ArrayList<>();
        ProviderDirectory next = providers;
        for (Task task : batch) {
            try {
                next = TlogReplay.with(next, task.statements);
                long first = frontier.size() + leaves.size();
                task.statements.forEach(statement -> leaves.add(leaf(statement)));
                answers.add(() -> task.first.complete(first));
            } catch (IllegalStatementException e) {
                task.first.completeExceptionally(e);
            }
        }
        due.forEach(head -> leaves.add(leaf(Statement.AccountHead.of(head.account(), head.head()))));
        if (!leaves.isEmpty()) {
            uncertain = true;
            storage.append(frontier.size(), leaves, due);
            uncertain = false;
            for (Leaf leaf : leaves) {
                frontier = frontier.with(leaf.hash());
            }
            providers = next;
        }
        if (published.size() != frontier.size()) {
            published = signed();
        }
        answers.forEach(Runnable::run);
    }

    private static Leaf leaf(Statement statement) {
        byte[] entry = statement.encode();
        Optional<Hash> place =
                statement instanceof Statement.AccountHead head ? Optional.of(head.place()) : Optional.empty();
        return new Leaf(entry, MerkleTree.leaf(entry), place);
    }

    /// Finishes what is queued. Idempotent.
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                accountGrown();
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        queue.forEach(task -> task.first.completeExceptionally(
                new StorageException(Reason.BUSY, "the transparency log is closing")));
        signer.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
