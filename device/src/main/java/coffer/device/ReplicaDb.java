package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The file that holds what a device knows: verified logs, the tree and chunk index made from them, and its own notes
/// on local files and unfinished transfers. SQLite in write-ahead mode, forced on every commit.
///
/// One writer at a time, any number of readers, each on its own snapshot. A crash leaves the last committed
/// transaction. Everything here can be built again from the logs but the notes, which only save work.
final class ReplicaDb implements AutoCloseable {

    /// Readers that stay open; more are made when more threads read at once.
    private static final int IDLE_READERS_MAX = 6;

    /// Negative: KiB. Small, because a file system caches too and memory is promised to be bounded.
    private static final String WRITER_CACHE = "-8192";
    private static final String READER_CACHE = "-1024";

    /// What runs inside one transaction.
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(Tx tx) throws CofferException, SQLException;
    }

    private record Connected(Connection connection, Tx tx) {}

    private final Path file;
    private final ReentrantLock writing = new ReentrantLock();
    private final Connected writer;
    private final ArrayDeque<Connected> idleReaders = new ArrayDeque<>(); // guarded by itself
    private volatile boolean closed;

    private ReplicaDb(Path file, Connected writer) {
        this.file = file;
        this.writer = writer;
    }

    /// Opens or creates the file; LOCAL if the disk refuses, DOWNGRADE if a newer Coffer made it.
    static ReplicaDb open(Path file) throws CofferException {
        try {
            Connection connection = connect(file, WRITER_CACHE, false);
            try {
                ReplicaDb db = new ReplicaDb(file, new Connected(connection, new Tx(connection)));
                db.write(tx -> {
                    ReplicaSchema.migrate(tx);
                    return null;
                });
                return db;
            } catch (CofferException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /// A folder beside the file, for what is on its way to providers.
    Path outgoing() {
        return file.resolveSibling("outgoing");
    }

    /// Runs `work` in a transaction that is durable when this returns, or that never was if it throws. A thread that
    /// is writing already joins its own transaction.
    <T extends @Nullable Object> T write(Work<T> work) throws CofferException {
        if (writing.isHeldByCurrentThread()) {
            try {
                return work.run(writer.tx);
            } catch (SQLException e) {
                throw failure(e);
            }
        }
        writing.lock();
        try {
            requireOpen();
            return transaction(writer, work);
        } finally {
            writing.unlock();
        }
    }

    /// Runs `work` on one snapshot of the newest committed state.
    <T extends @Nullable Object> T read(Work<T> work) throws CofferException {
        requireOpen();
        Connected reader = takeReader();
        boolean healthy = false;
        try {
            T result = transaction(reader, work);
            healthy = true;
            return result;
        } finally {
            giveReader(reader, healthy);
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            synchronized (idleReaders) {
                idleReaders.forEach(reader -> closeQuietly(reader.connection));
                idleReaders.clear();
            }
            closeQuietly(writer.connection);
        } finally {
            writing.unlock();
        }
    }

    /// The driver begins a transaction with the first statement after the last one ended.
    private static <T extends @Nullable Object> T transaction(Connected on, Work<T> work) throws CofferException {
        boolean done = false;
        try {
            T result = work.run(on.tx);
            on.connection.commit();
            done = true;
            return result;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            if (!done) {
                rollBack(on);
            }
        }
    }

    private static void rollBack(Connected on) {
        try {
            on.connection.rollback();
        } catch (SQLException ignored) {
            // Nothing had begun, or SQLite has rolled back by itself; either way there is nothing left to undo.
        }
    }

    private Connected takeReader() throws CofferException {
        synchronized (idleReaders) {
            Connected reader = idleReaders.pollLast();
            if (reader != null) {
                return reader;
            }
        }
        try {
            Connection connection = connect(file, READER_CACHE, true);
            return new Connected(connection, new Tx(connection));
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void giveReader(Connected reader, boolean healthy) {
        synchronized (idleReaders) {
            if (healthy && !closed && idleReaders.size() < IDLE_READERS_MAX) {
                idleReaders.addLast(reader);
                return;
            }
        }
        closeQuietly(reader.connection);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the replica is closed");
        }
    }

    static Connection connect(Path file, String cache, boolean reader) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.setTempStore(SQLiteConfig.TempStore.FILE);
        // Nobody asks for them, and asking SQLite after every insert takes as long as the insert.
        config.setGetGeneratedKeys(false);
        config.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, cache);
        if (reader) {
            config.setPragma(SQLiteConfig.Pragma.JOURNAL_MODE, "WAL");
        }
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        connection.setAutoCommit(false);
        return connection;
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // What was committed is on disk already.
        }
    }

    /// What a failure of SQLite means to the person.
    static CofferException failure(SQLException e) {
        SQLiteErrorCode code = e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        String message = switch (code) {
            case SQLITE_FULL -> "This device's disk is full.";
            case SQLITE_CORRUPT, SQLITE_NOTADB -> "The device's own database is damaged; join this device anew.";
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM -> "The device's own database cannot be written.";
            default -> "The device's own database failed.";
        };
        return new CofferException(ErrorCode.LOCAL, message, e);
    }
}
