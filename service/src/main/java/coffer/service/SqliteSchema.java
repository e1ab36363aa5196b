package coffer.service;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables, and how an older file becomes a newer one: version n + 1 is made by running step n.
///
/// Steps are never edited once released; a change is a new step. A file newer than this software is refused.
final class SqliteSchema {

    private static final List<String> LOGS_AND_PACKS = List.of(
            // `no` numbers logs densely, so that the key of an entry is one 64-bit integer and its table one tree.
            """
            CREATE TABLE logs(
              no INTEGER PRIMARY KEY,
              id BLOB NOT NULL UNIQUE,
              vault INTEGER NOT NULL,
              owner BLOB NOT NULL,
              sequence INTEGER NOT NULL,
              head BLOB NOT NULL,
              entry_bytes INTEGER NOT NULL,
              pack_bytes INTEGER NOT NULL)""",
            "CREATE INDEX logs_by_owner ON logs(owner)",
            // key = logs.no << 32 | sequence; the body comes last, so that reading the rest leaves its pages alone
            """
            CREATE TABLE entries(
              key INTEGER PRIMARY KEY,
              kind INTEGER NOT NULL,
              header BLOB NOT NULL,
              signatures BLOB NOT NULL,
              body BLOB NOT NULL)""",
            """
            CREATE TABLE members(
              account BLOB NOT NULL,
              log_no INTEGER NOT NULL,
              PRIMARY KEY(account, log_no)) WITHOUT ROWID""",
            "CREATE INDEX members_by_log ON members(log_no)",
            """
            CREATE TABLE recoveries(
              device BLOB PRIMARY KEY,
              log_no INTEGER NOT NULL) WITHOUT ROWID""",
            """
            CREATE TABLE states(
              log_no INTEGER PRIMARY KEY,
              sequence INTEGER NOT NULL,
              head BLOB NOT NULL,
              state BLOB NOT NULL)""",
            // number is never used again: it names one holding of a pack
            """
            CREATE TABLE packs(
              number INTEGER PRIMARY KEY AUTOINCREMENT,
              log_no INTEGER NOT NULL,
              pack BLOB NOT NULL,
              size INTEGER NOT NULL,
              state INTEGER NOT NULL,
              since INTEGER NOT NULL,
              providers TEXT NOT NULL,
              UNIQUE(log_no, pack))""",
            "CREATE INDEX packs_by_pack ON packs(pack)",
            "CREATE INDEX packs_due ON packs(state, since) WHERE state <> 1");

    private static final List<String> TRANSPARENCY = List.of(
            "CREATE TABLE tlog_entries(idx INTEGER PRIMARY KEY, entry BLOB NOT NULL)",
            // level 0: of leaves; above, of full tiles: what tiles are served from
            """
            CREATE TABLE tlog_hashes(
              level INTEGER NOT NULL,
              idx INTEGER NOT NULL,
              hash BLOB NOT NULL,
              PRIMARY KEY(level, idx)) WITHOUT ROWID""",
            // an account's head stands in the log once
            "CREATE TABLE tlog_places(place BLOB PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE tlog_due(no INTEGER PRIMARY KEY, log_no INTEGER NOT NULL, sequence INTEGER NOT NULL)",
            """
            INSERT INTO tlog_due(log_no, sequence)
              SELECT l.no, e.key & 4294967295 FROM entries e JOIN logs l ON l.no = e.key >> 32
              WHERE l.vault = 0 ORDER BY e.key""");

    private static final List<String> COPIES_AND_PROVIDERS = List.of(
            // those the operator added; settings are JSON and hold no secret
            "CREATE TABLE providers(id TEXT PRIMARY KEY, settings TEXT NOT NULL) WITHOUT ROWID",
            // state: CopyStorage.CopyState; proven: milliseconds since the epoch, 0 for never
            """
            CREATE TABLE copies(
              number INTEGER NOT NULL,
              provider TEXT NOT NULL,
              state INTEGER NOT NULL,
              since INTEGER NOT NULL,
              proven INTEGER NOT NULL,
              PRIMARY KEY(number, provider)) WITHOUT ROWID""",
            """
            INSERT INTO copies
              WITH RECURSIVE split(number, since, provider, rest) AS (
                SELECT number, since, '', providers || ',' FROM packs
                UNION ALL
                SELECT number, since, substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1)
                FROM split WHERE rest <> '')
              SELECT DISTINCT number, provider, 0, since, 0 FROM split WHERE provider <> ''""",
            "ALTER TABLE packs DROP COLUMN providers",
            "CREATE INDEX copies_by_proof ON copies(provider, proven)",
            "CREATE INDEX copies_not_held ON copies(state, since) WHERE state <> 0");

    private static final List<List<String>> STEPS = List.of(LOGS_AND_PACKS, TRANSPARENCY, COPIES_AND_PROVIDERS);

    static final int VERSION = STEPS.size();

    private SqliteSchema() {}

    /// Brings the file to [#VERSION] in one transaction. The connection is in manual-commit mode.
    static void migrate(Connection connection) throws SQLException, StorageException {
        migrate(connection, VERSION);
    }

    /// @param target the version wanted: tests make files as they were
    static void migrate(Connection connection, int target) throws SQLException, StorageException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL)");
            int version = version(statement);
            if (version > VERSION) {
                connection.rollback();
                throw new StorageException(
                        StorageException.Reason.FAILED, "the database was written by a newer version of Coffer");
            }
            for (int step = version; step < target; step++) {
                for (String sql : STEPS.get(step)) {
                    statement.execute(sql);
                }
            }
            if (version < target) {
                statement.execute("DELETE FROM schema_version");
                statement.execute("INSERT INTO schema_version VALUES (" + target + ")");
            }
            connection.commit();
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT max(version) FROM schema_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }
}
