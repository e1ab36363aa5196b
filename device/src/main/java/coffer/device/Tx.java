package coffer.device;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One transaction on the replica, used by one thread.
///
/// Statements are kept prepared per connection and are handed out to one user at a time, so that a query may run
/// inside the loop over another.
final class Tx {

    private final Connection connection;
    private final Map<String, ArrayDeque<PreparedStatement>> idle = new HashMap<>();

    Tx(Connection connection) {
        this.connection = connection;
    }

    /// Runs a statement that returns nothing; answers how many rows it changed.
    int run(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = take(sql);
        int changed;
        try {
            bind(statement, arguments);
            changed = statement.executeUpdate();
        } catch (SQLException e) {
            // One that failed, on a full disk for example, fails ever after: it is not kept.
            statement.close();
            throw e;
        }
        give(sql, statement);
        return changed;
    }

    /// Runs one statement for many rows of arguments, some hundred at a time.
    Batch batch(String sql) throws SQLException {
        return new Batch(sql, take(sql));
    }

    /// Rows of arguments for one statement; what is added is written by [#close] at the latest.
    final class Batch implements AutoCloseable {

        private static final int ROWS = 512;

        private final String sql;
        private final PreparedStatement statement;
        private int rows;

        /// Whether the last write succeeded; a statement that failed is not kept.
        private boolean written = true;

        private Batch(String sql, PreparedStatement statement) {
            this.sql = sql;
            this.statement = statement;
        }

        void add(@Nullable Object... arguments) throws SQLException {
            bind(statement, arguments);
            statement.addBatch();
            if (++rows == ROWS) {
                flush();
            }
        }

        private void flush() throws SQLException {
            if (rows > 0) {
                rows = 0;
                written = false;
                statement.executeBatch();
                written = true;
            }
        }

        @Override
        public void close() throws SQLException {
            try {
                flush();
            } finally {
                if (written) {
                    give(sql, statement);
                } else {
                    statement.close();
                }
            }
        }
    }

    /// Rows of a query, which the caller closes.
    Rows query(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = take(sql);
        try {
            bind(statement, arguments);
            return new Rows(sql, statement, statement.executeQuery());
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /// The number in the first column of the first row, or `otherwise` where there is no row or it is null.
    long number(long otherwise, String sql, @Nullable Object... arguments) throws SQLException {
        try (Rows rows = query(sql, arguments)) {
            return rows.next() && !rows.isNull(1) ? rows.number(1) : otherwise;
        }
    }

    byte @Nullable [] blob(String sql, @Nullable Object... arguments) throws SQLException {
        try (Rows rows = query(sql, arguments)) {
            return rows.next() ? rows.bytesOrNull(1) : null;
        }
    }

    /// Rows of one query, read forward; borrows the statement until closed.
    final class Rows implements AutoCloseable {

        private final String sql;
        private final PreparedStatement statement;
        private final ResultSet rows;

        private Rows(String sql, PreparedStatement statement, ResultSet rows) {
            this.sql = sql;
            this.statement = statement;
            this.rows = rows;
        }

        boolean next() throws SQLException {
            return rows.next();
        }

        long number(int column) throws SQLException {
            return rows.getLong(column);
        }

        int integer(int column) throws SQLException {
            return rows.getInt(column);
        }

        String text(int column) throws SQLException {
            return rows.getString(column);
        }

        byte[] bytes(int column) throws SQLException {
            return rows.getBytes(column);
        }

        byte @Nullable [] bytesOrNull(int column) throws SQLException {
            return rows.getBytes(column);
        }

        @Nullable String textOrNull(int column) throws SQLException {
            return rows.getString(column);
        }

        boolean isNull(int column) throws SQLException {
            return rows.getObject(column) == null;
        }

        @Override
        public void close() throws SQLException {
            rows.close();
            give(sql, statement);
        }
    }

    private PreparedStatement take(String sql) throws SQLException {
        ArrayDeque<PreparedStatement> free = idle.get(sql);
        PreparedStatement statement = free == null ? null : free.pollLast();
        return statement == null ? connection.prepareStatement(sql) : statement;
    }

    private void give(String sql, PreparedStatement statement) {
        idle.computeIfAbsent(sql, unused -> new ArrayDeque<>()).addLast(statement);
    }

    private static void bind(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case null -> statement.setObject(i + 1, null);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setLong(i + 1, number);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case String text -> statement.setString(i + 1, text);
                default -> throw new IllegalArgumentException("no column of that type");
            }
        }
    }
}
