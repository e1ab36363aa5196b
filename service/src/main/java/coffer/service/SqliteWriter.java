package coffer.service;

import coffer.service.StorageException.Reason;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The one thread that writes. It gathers whatever waits into one transaction, forces that to disk once, and only then
/// tells everyone (group commit).
///
/// Invariant: work is acknowledged only after the commit of its transaction has returned. If a batch fails as a whole, its
/// members run again one by one, so that no one's failure is another's; a failed commit is reported as such and not repeated.
final class SqliteWriter implements AutoCloseable {

    /// Work inside the transaction; it must leave nothing half done when it returns.
    @FunctionalInterface
    interface Work<R> {
        R run(SqlSession session) throws SQLException;
    }

    /// The commit failed, so that nobody knows whether the work is there.
    static final class OutcomeUnknown extends Exception {
        OutcomeUnknown(Throwable cause) {
            super("the commit failed", cause);
        }
    }

    private static final int QUEUE_MAX = 4_096;
    /// Enough to hide the cost of forcing, few enough to keep the wait short.
    private static final int BATCH_MAX = 512;
    private static final long ENQUEUE_WAIT_MS = 2_000;
    /// How long the thread waits for work before it looks again whether it should end; a service at rest should rest.
    private static final long IDLE_S = 60;

    private record Task<R>(Work<R> work, CompletableFuture<R> result) {
        void finish(Object value) {
            @SuppressWarnings("unchecked") // the value is what this task's own work returned
            R typed = (R) value;
            result.complete(typed);
        }
    }

    private final SqlSession session;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Metrics metrics;
    private final Thread thread;
    private volatile boolean closed;

    /// Owns the session.
    SqliteWriter(SqlSession session, Metrics metrics) {
        this.session = session;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().name("storage-writer").daemon().start(this::run);
    }

    /// Runs work in the next batch and waits until it is durable.
    <R> R submit(Work<R> work) throws StorageException, OutcomeUnknown {
        Task<R> task = new Task<>(work, new CompletableFuture<>());
        try {
            if (closed || !queue.offer(task, ENQUEUE_WAIT_MS, TimeUnit.MILLISECONDS)) {
                throw new StorageException(Reason.BUSY, "the storage engine is busy or closing");
            }
            if (!thread.isAlive()) {
                // Offered too late to be run; if it was offered in time, `close` or the thread has answered it.
                task.result.completeExceptionally(new StorageException(Reason.BUSY, "the storage engine is closing"));
            }
            return task.result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknown(e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StorageException failure -> throw failure;
                case OutcomeUnknown unknown -> throw unknown;
                case null, default -> throw new IllegalStateException("storage work failed", e.getCause());
            }
        }
    }

    int waiting() {
        return queue.size();
    }

    private void run() {
        List<Task<?>> batch = new ArrayList<>(BATCH_MAX);
        while (!closed || !queue.isEmpty()) {
            Task<?> first = poll();
            if (first != null) {
                batch.add(first);
                queue.drainTo(batch, BATCH_MAX - 1);
                commit(batch);
                batch.clear();
            }
        }
    }

    private @Nullable Task<?> poll() {
        try {
            return queue.poll(IDLE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; it ends by `closed`, after the queue is empty.
            return null;
        }
    }

    private void commit(List<Task<?>> batch) {
        List<Object> results = new ArrayList<>(batch.size());
        try {
            for (Task<?> task : batch) {
                results.add(task.work.run(session));
            }
        } catch (SQLException | RuntimeException e) {
            rollback();
            if (batch.size() == 1) {
                batch.getFirst().result.completeExceptionally(translate(e));
            } else {
                batch.forEach(task -> commit(List.of(task)));
            }
            return;
        }
        long start = System.nanoTime();
        try {
            session.commit();
        } catch (SQLException e) {
            rollback();
            Exception failure = isFull(e) ? translate(e) : new OutcomeUnknown(e);
            batch.forEach(task -> task.result.completeExceptionally(failure));
            return;
        }
        metrics.committed(batch.size(), System.nanoTime() - start);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).finish(results.get(i));
        }
    }

    private void rollback() {
        try {
            session.rollback();
        } catch (SQLException e) {
            // The next piece of work fails as well and says so.
            metrics.storageRollbackFailed();
        }
    }

    static Exception translate(Exception e) {
        if (e instanceof SQLException sql) {
            return isFull(sql)
                    ? new StorageException(Reason.FULL, "the disk of the storage engine is full", e)
                    : new StorageException(Reason.FAILED, "the storage engine failed", e);
        }
        return e;
    }

    /// SQLite says so itself when the disk or its own page bound is full. An I/O error while writing is not taken for it.
    private static boolean isFull(SQLException e) {
        return e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    }

    /// Finishes what is queued, then ends. Idempotent.
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        // Wakes it if it waits; a queue that is full does so by itself.
        boolean _ = queue.offer(new Task<>(_ -> 0, new CompletableFuture<>()));
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        queue.forEach(task -> task.result.completeExceptionally(
                new StorageException(Reason.BUSY, "the storage engine is closing")));
        try {
            session.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not close", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
