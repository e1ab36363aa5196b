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

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /// Owns the connection, which is in manual-commit mode.
    SqlSession(Connection connection) {
        this.connection = connection;
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

    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        connection.close();
    }
}
