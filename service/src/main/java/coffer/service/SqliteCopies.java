package coffer.service;

import coffer.core.LogId;
import coffer.core.PackId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// [CopyStorage] in the tables of [SqliteStorage].
final class SqliteCopies implements CopyStorage {

    /// Whether another holding has a use for the object of `c`.
    private static final String RELIED_ON =
            "EXISTS (SELECT 1 FROM packs o JOIN copies d ON d.number = o.number WHERE o.pack = p.pack"
                    + " AND o.number <> p.number AND o.state <> 3 AND d.provider = c.provider AND d.state <> 2)";

    private static final String ANOTHER_HELD =
            "EXISTS (SELECT 1 FROM copies o WHERE o.number = copies.number AND o.provider <> copies.provider AND o.state = 0)";

    /// How a change is made durable.
    @FunctionalInterface
    interface Submitter {
        <R> R submit(SqliteWriter.Work<R> work, String unknown) throws StorageException;
    }

    private final Submitter writer;
    private final SqliteReaders readers;

    SqliteCopies(Submitter writer, SqliteReaders readers) {
        this.writer = writer;
        this.readers = readers;
    }

    private <R> R change(SqliteWriter.Work<R> work) throws StorageException {
        return writer.submit(work, "the change of a copy may or may not be stored");
    }

    @Override
    public List<Holding> holdings(long after, int countMax) throws StorageException {
        return readers.read(session -> {
            List<Holding> bare = session.query(
                    "SELECT p.number, l.id, p.pack, p.size FROM packs p JOIN logs l ON l.no = p.log_no"
                            + " WHERE p.number > ? AND p.state IN (1, 2) ORDER BY p.number LIMIT ?",
                    row -> new Holding(
                            row.getLong(1),
                            LogId.of(row.getBytes(2)),
                            PackId.of(row.getBytes(3)),
                            row.getLong(4),
                            List.of()),
                    after,
                    countMax);
            return bare.isEmpty() ? bare : withCopies(session, bare);
        });
    }

    private static List<Holding> withCopies(SqlSession session, List<Holding> bare) throws SQLException {
        Map<Long, List<Copy>> copies = new HashMap<>();
        session.query(
                "SELECT number, provider, state, proven FROM copies WHERE number BETWEEN ? AND ?",
                row -> copies.computeIfAbsent(row.getLong(1), number -> new ArrayList<>())
                        .add(new Copy(
                                row.getString(2), CopyState.of(row.getInt(3)), Instant.ofEpochMilli(row.getLong(4)))),
                bare.getFirst().number(),
                bare.getLast().number());
        return bare.stream()
                .map(holding -> new Holding(
                        holding.number(),
                        holding.vault(),
                        holding.pack(),
                        holding.size(),
                        copies.getOrDefault(holding.number(), List.of())))
                .toList();
    }

    @Override
    public List<Due> unproven(String provider, Instant before, int countMax) throws StorageException {
        return readers.read(session -> session.query(
                "SELECT p.number, p.pack, p.size, c.proven FROM copies c JOIN packs p ON p.number = c.number"
                        + " WHERE c.provider = ? AND c.proven < ? AND c.state = 0 AND p.state IN (1, 2)"
                        + " ORDER BY c.proven, c.number LIMIT ?",
                row -> new Due(
                        row.getLong(1), PackId.of(row.getBytes(2)), row.getLong(3), Instant.ofEpochMilli(row.getLong(4))),
                provider,
                before.toEpochMilli(),
                countMax));
    }

    @Override
    public boolean announce(long number, String provider, Instant now) throws StorageException {
        return change(session -> {
            boolean refused = session.find(
                            "SELECT 1 FROM packs p JOIN packs o ON o.pack = p.pack JOIN copies c ON c.number = o.number"
                                    + " WHERE p.number = ? AND c.provider = ? AND (c.state = 2 OR o.state = 3) LIMIT 1",
                            row -> 1,
                            number,
                            provider)
                    .isPresent();
            return !refused
                    && session.update(
                                    "INSERT INTO copies(number, provider, state, since, proven)"
                                            + " SELECT number, ?, 4, ?, 0 FROM packs WHERE number = ? AND state IN (1, 2)"
                                            + " ON CONFLICT DO UPDATE SET state = 4 WHERE state IN (1, 3, 4)",
                                    provider,
                                    now.toEpochMilli(),
                                    number)
                            == 1;
        });
    }

    @Override
    public boolean proven(long number, String provider, Instant now) throws StorageException {
        return change(session -> session.update(
                                "UPDATE copies SET state = 0, proven = ? WHERE number = ? AND provider = ?"
                                        + " AND state IN (0, 3, 4)"
                                        + " AND (SELECT state FROM packs WHERE number = copies.number) IN (1, 2)",
                                now.toEpochMilli(),
                                number,
                                provider)
                        == 1);
    }

    @Override
    public void damaged(long number, String provider) throws StorageException {
        change(session -> session.update(
                "UPDATE copies SET state = 3 WHERE number = ? AND provider = ? AND state IN (0, 4)", number, provider));
    }

    @Override
    public boolean leave(long number, String provider, Instant now) throws StorageException {
        return change(session -> session.update(
                                "UPDATE copies SET state = 1, since = ? WHERE number = ? AND provider = ?"
                                        + " AND state IN (0, 3, 4) AND " + ANOTHER_HELD,
                                now.toEpochMilli(),
                                number,
                                provider)
                        == 1);
    }

    @Override
    public long abandon(String provider) throws StorageException {
        return change(session -> {
            session.update(
                    "DELETE FROM copies WHERE provider = ? AND (state IN (1, 2, 4) OR " + ANOTHER_HELD + ")", provider);
            return session.find("SELECT count(*) FROM copies WHERE provider = ?", row -> row.getLong(1), provider)
                    .orElse(0L);
        });
    }

    @Override
    public List<Left> takeLeft(Instant before, int countMax) throws StorageException {
        return change(session -> {
            String due = "SELECT c.number, p.pack, c.provider FROM copies c JOIN packs p ON p.number = c.number"
                    + " WHERE c.state = 1 AND c.since < ? AND ";
            for (Left shared : left(session, due + RELIED_ON + " LIMIT ?", before.toEpochMilli(), countMax)) {
                session.update("DELETE FROM copies WHERE number = ? AND provider = ?", shared.number(), shared.provider());
            }
            for (Left alone : left(session, due + "NOT " + RELIED_ON + " LIMIT ?", before.toEpochMilli(), countMax)) {
                session.update(
                        "UPDATE copies SET state = 2 WHERE number = ? AND provider = ?", alone.number(), alone.provider());
            }
            return left(
                    session,
                    "SELECT c.number, p.pack, c.provider FROM copies c JOIN packs p ON p.number = c.number"
                            + " WHERE c.state = 2 ORDER BY c.number LIMIT ?",
                    countMax);
        });
    }

    private static List<Left> left(SqlSession session, String sql, Object... arguments) throws SQLException {
        return session.query(
                sql, row -> new Left(row.getLong(1), PackId.of(row.getBytes(2)), row.getString(3)), arguments);
    }

    @Override
    public void gone(Left copy) throws StorageException {
        change(session -> session.update(
                "DELETE FROM copies WHERE number = ? AND provider = ? AND state = 2", copy.number(), copy.provider()));
    }

    @Override
    public void keepProvider(String id, Map<String, String> settings) throws StorageException {
        String json = new String(Json.write(new Settings(settings)), StandardCharsets.UTF_8);
        change(session -> session.update("INSERT OR REPLACE INTO providers(id, settings) VALUES (?, ?)", id, json));
    }

    @Override
    public SortedMap<String, Map<String, String>> keptProviders() throws StorageException {
        SortedMap<String, Map<String, String>> kept = new TreeMap<>();
        List<String[]> rows = readers.read(session -> session.query(
                "SELECT id, settings FROM providers", row -> new String[] {row.getString(1), row.getString(2)}));
        for (String[] row : rows) {
            kept.put(row[0], settings(row[1]));
        }
        return kept;
    }

    /// The stored form.
    private record Settings(Map<String, String> values) {
        Settings {
            values = Map.copyOf(values);
        }
    }

    private static Map<String, String> settings(String json) throws StorageException {
        try {
            return Json.read(json.getBytes(StandardCharsets.UTF_8), Settings.class).values();
        } catch (Problem e) {
            throw new StorageException(StorageException.Reason.FAILED, "the settings of a provider cannot be read", e);
        }
    }

    private static final String AMOUNTS = "SELECT c.provider, c.state, count(*), sum(p.size), min(c.proven) FROM copies c"
            + " JOIN packs p ON p.number = c.number ";

    @Override
    public List<Amount> amounts() throws StorageException {
        return readers.read(
                session -> session.query(AMOUNTS + "GROUP BY 1, 2 ORDER BY 1, 2", SqliteCopies::amount));
    }

    @Override
    public List<Amount> amounts(LogId vault) throws StorageException {
        return readers.read(session -> session.query(
                AMOUNTS + "WHERE p.log_no = (SELECT no FROM logs WHERE id = ?) GROUP BY 1, 2 ORDER BY 1, 2",
                SqliteCopies::amount,
                (Object) vault.toArray()));
    }

    private static Amount amount(ResultSet row) throws SQLException {
        return new Amount(
                row.getString(1),
                CopyState.of(row.getInt(2)),
                row.getLong(3),
                row.getLong(4),
                Instant.ofEpochMilli(row.getLong(5)));
    }
}
