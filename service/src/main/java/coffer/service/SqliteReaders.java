package coffer.service;

import coffer.service.StorageException.Reason;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A few connections for reading; each call sees one consistent state and never waits for the writer.
final class SqliteReaders implements AutoCloseable {

    /// Opens a session for reading.
    @FunctionalInterface
    interface Opener {
        SqlSession open() throws SQLException;
    }

    private final Semaphore permits;
    private final Deque<SqlSession> idle = new ArrayDeque<>();
    private final List<SqlSession> all = new ArrayList<>();
    private boolean closed;

    SqliteReaders(int count, Opener opener) throws SQLException {
        this.permits = new Semaphore(count);
        for (int i = 0; i < count; i++) {
            SqlSession session = opener.open();
            all.add(session);
            idle.push(session);
        }
    }

    <R> R read(SqliteWriter.Work<R> work) throws StorageException {
        permits.acquireUninterruptibly();
        SqlSession session = null;
        try {
            session = take();
            R result = work.run(session);
            session.commit();
            return result;
        } catch (SQLException e) {
            rollback(session);
            throw new StorageException(Reason.FAILED, "reading the database failed", e);
        } finally {
            giveBack(session);
            permits.release();
        }
    }

    private synchronized SqlSession take() throws StorageException {
        if (closed) {
            throw new StorageException(Reason.BUSY, "the storage engine is closing");
        }
        return idle.pop();
    }

    private synchronized void giveBack(@Nullable SqlSession session) {
        if (session != null) {
            idle.push(session);
        }
    }

    private static void rollback(@Nullable SqlSession session) {
        try {
            if (session != null) {
                session.rollback();
            }
        } catch (SQLException e) {
            // A failed read leaves nothing to roll back that matters: the next begin starts afresh.
            return;
        }
    }

    /// Waits for readers to finish, then closes.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        permits.acquireUninterruptibly(all.size());
        try {
            for (SqlSession session : all) {
                session.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not close", e);
        } finally {
            // Later callers get a permit and are refused, rather than wait for ever.
            permits.release(all.size());
        }
    }
}
