package coffer.service;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.Head;
import coffer.service.StorageException.Reason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/// [LogStorage] in one SQLite file: write-ahead log, forced at every commit, one writer and a few readers.
final class SqliteStorage implements LogStorage {

    private static final int READERS = 4;
    private static final long SEQUENCE_MAX = (1L << 32) - 1;
    private static final String INFO = "SELECT vault, owner, sequence, head FROM logs WHERE id = ?";
    private static final String USAGE = "SELECT coalesce(sum(entry_bytes + pack_bytes), 0) FROM logs WHERE owner = ?";

    private final SqliteWriter writer;
    private final SqliteReaders readers;

    private SqliteStorage(SqliteWriter writer, SqliteReaders readers) {
        this.writer = writer;
        this.readers = readers;
    }

    /// Opens or makes the database at `file`, whose folder exists.
    static SqliteStorage open(Path file, Metrics metrics) throws StorageException {
        return open(file, metrics, 0);
    }

    /// @param pagesMax the most pages of 4 KiB the file may have, 0 for no bound: how tests fill the disk
    static SqliteStorage open(Path file, Metrics metrics, int pagesMax) throws StorageException {
        try {
            SqlSession session = openWriter(file, pagesMax);
            SqliteReaders readers = new SqliteReaders(READERS, () -> new SqlSession(() -> connect(file, reading())));
            return new SqliteStorage(new SqliteWriter(session, metrics), readers);
        } catch (SQLException e) {
            throw new StorageException(Reason.FAILED, "the database cannot be opened", e);
        }
    }

    private static SqlSession openWriter(Path file, int pagesMax) throws SQLException, StorageException {
        try (Connection connection = connect(file, writing(pagesMax))) {
            SqliteSchema.migrate(connection);
        }
        return new SqlSession(() -> connect(file, writing(pagesMax)));
    }

    private static Connection connect(Path file, SQLiteConfig config) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
        connection.setAutoCommit(false);
        return connection;
    }

    private static SQLiteConfig writing(int pagesMax) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(10_000);
        config.setPageSize(4_096);
        config.setGetGeneratedKeys(false);
        config.setCacheSize(-16_384);
        // Checkpoints are forced too: rarer ones leave more of the disk's time to commits.
        config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, "67108864");
        if (pagesMax > 0) {
            config.setPragma(SQLiteConfig.Pragma.MAX_PAGE_COUNT, Integer.toString(pagesMax));
        }
        return config;
    }

    private static SQLiteConfig reading() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        config.setCacheSize(-2_048);
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        return config;
    }

    /// The transparency log's part of the same file.
    TlogStorage transparency() {
        return new SqliteTlog(writer, readers);
    }

    int waiting() {
        return writer.waiting();
    }

    @Override
    public AppendResult append(NewEntry entry) throws StorageException {
        if (entry.head().sequence() > SEQUENCE_MAX) {
            throw new StorageException(Reason.FULL, "the log cannot grow further");
        }
        try {
            return writer.submit(session -> append(session, entry));
        } catch (SqliteWriter.OutcomeUnknown e) {
            return new AppendResult.Unknown();
        }
    }

    /// Checks first and changes after, so that an answer other than `Appended` has changed nothing.
    private static AppendResult append(SqlSession session, NewEntry entry) throws SQLException {
        if (entry.previous().isEmpty()) {
            return appendGenesis(session, entry);
        }
        Head previous = entry.previous().get();
        boolean plain = entry.added().isEmpty() && entry.released().isEmpty() && entry.members().isEmpty();
        if (!plain) {
            Optional<AppendResult> refusal = refusal(session, entry, previous);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        Optional<Long> no = session.find(
                "UPDATE logs SET sequence = ?, head = ?, entry_bytes = entry_bytes + ?"
                        + " WHERE id = ? AND sequence = ? AND head = ? RETURNING no",
                row -> row.getLong(1),
                entry.head().sequence(),
                entry.head().id().toArray(),
                entry.entry().size(),
                entry.log().toArray(),
                previous.sequence(),
                previous.id().toArray());
        if (no.isEmpty()) {
            return stale(session, entry.log());
        }
        insertEntry(session, no.get(), entry);
        changePacks(session, no.get(), entry);
        return new AppendResult.Appended();
    }

    private static AppendResult appendGenesis(SqlSession session, NewEntry entry) throws SQLException {
        if (info(session, entry.log()).isPresent()) {
            return stale(session, entry.log());
        }
        session.update(
                "INSERT INTO logs(id, vault, owner, sequence, head, entry_bytes, pack_bytes) VALUES (?, ?, ?, ?, ?, ?, 0)",
                entry.log().toArray(),
                entry.vault() ? 1 : 0,
                entry.owner().toArray(),
                entry.head().sequence(),
                entry.head().id().toArray(),
                entry.entry().size());
        long no = logNo(session, entry.log()).orElseThrow();
        insertEntry(session, no, entry);
        changePacks(session, no, entry);
        if (entry.recovery().isPresent()) {
            session.update(
                    "INSERT OR IGNORE INTO recoveries(device, log_no) VALUES (?, ?)",
                    entry.recovery().get().toArray(),
                    no);
        }
        return new AppendResult.Appended();
    }

    private static Optional<AppendResult> refusal(SqlSession session, NewEntry entry, Head previous) throws SQLException {
        Optional<LogInfo> info = info(session, entry.log());
        if (info.isEmpty() || !info.get().head().equals(previous)) {
            return Optional.of(new AppendResult.Stale(info.map(LogInfo::head)));
        }
        long no = logNo(session, entry.log()).orElseThrow();
        List<PackId> missing = new ArrayList<>();
        for (HeldPack pack : entry.added()) {
            Optional<HeldPack> held = SqlitePacks.held(session, no, pack.pack());
            boolean same = held.isPresent()
                    && held.get().number() == pack.number()
                    && held.get().state() != PackState.DOOMED;
            if (!same) {
                missing.add(pack.pack());
            }
        }
        return missing.isEmpty() ? Optional.empty() : Optional.of(new AppendResult.PacksMissing(missing));
    }

    private static AppendResult stale(SqlSession session, LogId log) throws SQLException {
        return new AppendResult.Stale(info(session, log).map(LogInfo::head));
    }

    private static void insertEntry(SqlSession session, long no, NewEntry entry) throws SQLException {
        session.update(
                "INSERT INTO entries(key, kind, header, signatures, body) VALUES (?, ?, ?, ?, ?)",
                key(no, entry.head().sequence()),
                entry.entry().kind(),
                entry.entry().header(),
                entry.entry().signatures(),
                entry.entry().body());
        if (!entry.vault()) {
            SqliteTlog.grown(session, no, entry.head().sequence());
        }
    }

    private static void changePacks(SqlSession session, long no, NewEntry entry) throws SQLException {
        long now = entry.now().toEpochMilli();
        for (HeldPack pack : entry.added()) {
            session.update(
                    "UPDATE packs SET state = 1, since = ? WHERE log_no = ? AND pack = ?",
                    now,
                    no,
                    pack.pack().toArray());
        }
        for (PackId pack : entry.released()) {
            session.update(
                    "UPDATE packs SET state = 2, since = ? WHERE log_no = ? AND pack = ? AND state = 1",
                    now,
                    no,
                    pack.toArray());
        }
        if (entry.members().isPresent()) {
            session.update("DELETE FROM members WHERE log_no = ?", no);
            for (LogId account : entry.members().get()) {
                session.update("INSERT OR IGNORE INTO members(account, log_no) VALUES (?, ?)", account.toArray(), no);
            }
        }
    }

    @Override
    public Optional<LogInfo> find(LogId log) throws StorageException {
        return readers.read(session -> info(session, log));
    }

    @Override
    public List<StoredEntry> page(LogId log, long from, int countMax, long bytesMax, boolean bodies)
            throws StorageException {
        return readers.read(session -> {
            Optional<Long> no = logNo(session, log);
            return no.isEmpty() || from < 0 || from > SEQUENCE_MAX
                    ? List.of()
                    : page(session, no.get(), from, countMax, bytesMax, bodies);
        });
    }

    private static List<StoredEntry> page(
            SqlSession session, long no, long from, int countMax, long bytesMax, boolean bodies) throws SQLException {
        String body = bodies ? "body" : "CASE WHEN kind IN (17, 20) THEN x'' ELSE body END";
        List<StoredEntry> page = new ArrayList<>();
        long bytes = 0;
        try (ResultSet row = session.bind(
                        "SELECT kind, header, signatures, " + body
                                + " FROM entries WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?",
                        key(no, from),
                        key(no, SEQUENCE_MAX),
                        countMax)
                .executeQuery()) {
            while (row.next()) {
                StoredEntry entry = new StoredEntry(row.getInt(1), row.getBytes(2), row.getBytes(4), row.getBytes(3));
                bytes += entry.size();
                if (bytes > bytesMax && !page.isEmpty()) {
                    break;
                }
                page.add(entry);
            }
        }
        return page;
    }

    @Override
    public List<LogId> vaultsOf(LogId account) throws StorageException {
        return readers.read(session -> session.query(
                "SELECT l.id FROM members m JOIN logs l ON l.no = m.log_no WHERE m.account = ?"
                        + " ORDER BY l.owner <> ?, m.log_no LIMIT " + VAULTS_MAX,
                row -> LogId.of(row.getBytes(1)),
                account.toArray(),
                account.toArray()));
    }

    @Override
    public int vaultsOwned(LogId account) throws StorageException {
        return readers.read(session -> session.find(
                        "SELECT count(*) FROM logs WHERE owner = ? AND vault = 1", row -> row.getInt(1), account.toArray())
                .orElse(0));
    }

    @Override
    public Optional<LogId> accountOf(DeviceId recovery) throws StorageException {
        return readers.read(session -> session.find(
                "SELECT l.id FROM recoveries r JOIN logs l ON l.no = r.log_no WHERE r.device = ?",
                row -> LogId.of(row.getBytes(1)),
                recovery.toArray()));
    }

    @Override
    public void keepState(LogId log, KeptState state) throws StorageException {
        submit(
                session -> session.update(
                        "INSERT OR REPLACE INTO states(log_no, sequence, head, state)"
                                + " SELECT no, ?, ?, ? FROM logs WHERE id = ?",
                        state.head().sequence(),
                        state.head().id().toArray(),
                        state.state().toArray(),
                        log.toArray()),
                "the state may or may not be kept");
    }

    @Override
    public Optional<KeptState> keptState(LogId log) throws StorageException {
        return readers.read(session -> session.find(
                "SELECT s.sequence, s.head, s.state FROM states s JOIN logs l ON l.no = s.log_no WHERE l.id = ?",
                row -> new KeptState(
                        new Head(row.getLong(1), new Hash(Bytes.of(row.getBytes(2)))), Bytes.of(row.getBytes(3))),
                log.toArray()));
    }

    @Override
    public ReserveResult reserve(LogId vault, List<Reservation> packs, long quotaBytes, Instant now)
            throws StorageException {
        return submit(
                session -> SqlitePacks.reserve(session, vault, packs, quotaBytes, now.toEpochMilli()),
                "the reservation may or may not be stored");
    }

    @Override
    public List<HeldPack> packs(LogId vault, Collection<PackId> packs) throws StorageException {
        return readers.read(session -> SqlitePacks.held(session, vault, packs));
    }

    @Override
    public List<DoomedPack> doom(Instant releasedBefore, Instant reservedBefore, int countMax) throws StorageException {
        return submit(
                session -> SqlitePacks.doom(
                        session, releasedBefore.toEpochMilli(), reservedBefore.toEpochMilli(), countMax),
                "the packs may or may not be marked");
    }

    @Override
    public void forget(DoomedPack pack) throws StorageException {
        submit(session -> SqlitePacks.forget(session, pack.number()), "the pack may or may not be forgotten");
    }

    /// For work whose repetition does no harm, so that not knowing is a failure like any other.
    private <R> R submit(SqliteWriter.Work<R> work, String unknown) throws StorageException {
        try {
            return writer.submit(work);
        } catch (SqliteWriter.OutcomeUnknown e) {
            throw new StorageException(Reason.FAILED, unknown, e);
        }
    }

    /// The copies of packs, in the same file.
    CopyStorage copies() {
        return new SqliteCopies(this::submit, readers);
    }

    @Override
    public long usage(LogId account) throws StorageException {
        return readers.read(session -> usage(session, account));
    }

    @Override
    public Totals totals() throws StorageException {
        return readers.read(session -> session.find(
                        "SELECT coalesce(sum(vault = 0), 0), coalesce(sum(vault), 0),"
                                + " coalesce(sum(sequence + 1), 0), coalesce(sum(pack_bytes), 0),"
                                + " (SELECT count(*) FROM packs) FROM logs",
                        row -> new Totals(
                                row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(5), row.getLong(4)))
                .orElseThrow());
    }

    static Optional<LogInfo> info(SqlSession session, LogId log) throws SQLException {
        return session.find(
                INFO,
                row -> new LogInfo(
                        row.getInt(1) == 1,
                        LogId.of(row.getBytes(2)),
                        new Head(row.getLong(3), new Hash(Bytes.of(row.getBytes(4))))),
                log.toArray());
    }

    static Optional<Long> logNo(SqlSession session, LogId log) throws SQLException {
        return session.find("SELECT no FROM logs WHERE id = ?", row -> row.getLong(1), log.toArray());
    }

    static long usage(SqlSession session, LogId account) throws SQLException {
        return session.find(USAGE, row -> row.getLong(1), account.toArray()).orElse(0L);
    }

    private static long key(long no, long sequence) {
        return no << 32 | sequence;
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
    }
}
