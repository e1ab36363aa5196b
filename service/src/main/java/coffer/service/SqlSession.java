package coffer.service;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One connection with its prepared statements. Not for use by two threads at once.
final class SqlSession implements AutoCloseable {

    /// Makes a value of the current row.
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Opens a connection in manual-commit mode.
    @FunctionalInterface
    interface Connector {
        Connection connect() throws SQLException;
    }

    private final Connector connector;
    private Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    SqlSession(Connector connector) throws SQLException {
        this.connector = connector;
        this.connection = connector.connect();
    }

    /// Runs a change and returns how many rows it changed.
    int update(String sql, Object... arguments) throws SQLException {
        return bind(sql, arguments).executeUpdate();
    }

    <T> List<T> query(String sql, RowReader<T> reader, Object... arguments) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet result = bind(sql, arguments).executeQuery()) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        }
        return rows;
    }

    /// The first row of a query, of which there is at most one.
    <T> Optional<T> find(String sql, RowReader<T> reader, Object... arguments) throws SQLException {
        try (ResultSet result = bind(sql, arguments).executeQuery()) {
            return result.next() ? Optional.of(reader.read(result)) : Optional.empty();
        }
    }

    /// A statement bound for a caller that reads its rows itself.
    PreparedStatement bind(String sql, Object... arguments) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case String text -> statement.setString(i + 1, text);
                default -> throw new IllegalArgumentException("unexpected type of argument");
            }
        }
        return statement;
    }

    void commit() throws SQLException {
        connection.commit();
    }

    /// Undoes the transaction and begins the next.
    ///
    /// The driver cannot use a statement again that has failed, so all are made anew. Some failures, a full disk among them,
    /// can make SQLite roll back by itself; the driver then does not begin the next transaction, and every later statement
    /// would stand alone: the connection is replaced.
    void rollback() throws SQLException {
        closeStatements();
        try {
            connection.rollback();
        } catch (SQLException e) {
            close();
            connection = connector.connect();
        }
    }

    private void closeStatements() {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                // Closing may report the failure of the last use once more, which the caller knows.
            }
        }
        statements.clear();
    }

    @Override
    public void close() throws SQLException {
        closeStatements();
        connection.close();
    }
}
