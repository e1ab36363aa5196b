package coffer.media;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The database of what this device knows of mail and pictures. Everything in it can be made again, so it is not forced to the
/// disk, and one that is damaged or of another version is thrown away. One caller at a time works with it.
final class IndexDb implements AutoCloseable {

    private static final int VERSION = 2;

    private final Path file;
    private final List<String> schema;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, PreparedStatement> statements = new HashMap<>(); // these two guarded by lock
    private @Nullable Connection connection;

    IndexDb(Path file, List<String> schema) {
        this.file = file;
        this.schema = schema;
    }

    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(IndexDb db) throws SQLException, CofferException;
    }

    /// Runs `work` in one transaction.
    <T extends @Nullable Object> T run(Work<T> work) throws CofferException {
        lock.lock();
        try {
            Connection open = open();
            boolean outer = open.getAutoCommit();
            open.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.run(this);
                if (outer) {
                    open.commit();
                }
                done = true;
                return result;
            } finally {
                if (outer) {
                    if (!done) {
                        open.rollback();
                    }
                    open.setAutoCommit(true);
                }
            }
        } catch (SQLException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "The index of mail and pictures cannot be used.",
                    "Nothing is lost: it can be made again from the vault. `coffer media rebuild` does so.",
                    e);
        } finally {
            lock.unlock();
        }
    }

    private Connection open() throws SQLException, CofferException {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        try {
            open = connect();
        } catch (SQLException e) {
            remove();
            open = connect();
        }
        connection = open;
        return open;
    }

    private Connection connect() throws SQLException, CofferException {
        ownerOnly();
        Connection open = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = open.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=OFF");
            statement.execute("PRAGMA temp_store=MEMORY");
            int version;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                version = row.getInt(1);
            }
            if (version != VERSION && version != 0) {
                throw new SQLException("another version");
            }
            if (version == 0) {
                for (String sql : schema) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version=" + VERSION);
            }
            return open;
        } catch (SQLException e) {
            open.close();
            throw e;
        }
    }

    private void ownerOnly() throws CofferException {
        try {
            if (!Files.exists(file)) {
                if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
                    Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                } else {
                    Files.createFile(file);
                }
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The index of mail and pictures cannot be made.", e);
        }
    }

    /// Throws everything away.
    void clear() throws CofferException {
        lock.lock();
        try {
            close();
            remove();
        } finally {
            lock.unlock();
        }
    }

    private void remove() throws CofferException {
        try {
            for (String ending : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + ending));
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The index of mail and pictures cannot be removed.", e);
        }
    }

    int write(String sql, @Nullable Object... arguments) throws SQLException {
        return prepared(sql, arguments).executeUpdate();
    }

    /// Rows, which the caller closes; the same statement is not used again before that.
    ResultSet query(String sql, @Nullable Object... arguments) throws SQLException {
        return prepared(sql, arguments).executeQuery();
    }

    long number(long otherwise, String sql, @Nullable Object... arguments) throws SQLException {
        try (ResultSet row = query(sql, arguments)) {
            return row.next() ? row.getLong(1) : otherwise;
        }
    }

    private PreparedStatement prepared(String sql, @Nullable Object... arguments) throws SQLException {
        Connection open = connection;
        if (open == null) {
            throw new SQLException("closed");
        }
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = open.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
            statements.clear();
            Connection open = connection;
            connection = null;
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            connection = null; // what is in it can be made again
        } finally {
            lock.unlock();
        }
    }
}
