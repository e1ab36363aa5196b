package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.sql.SQLException;
import java.util.List;

/// The tables of the replica and the steps from each version to the next.
///
/// - `log`, `entry`: verified logs as they came. `head_seq` and `head_id` only ever move forward. `alarm`: why the log was frozen before, until a
///   person has seen it. `offered`: id of the entry that this device sent last; `twin`: sequence of one in its name that it did not send ([Twin]).
/// - `vault`: small numbers for vault ids, and sums over the live tree.
/// - `applied`: who wrote which commit and when, by claim (`time_ms`) and as seen here (`seen_ms`, [TrustedClock]).
/// - `node`: the present state of every node that is not purged. `trashed` is the commit that moved it to the trash; what
///   is below a trashed node keeps `trashed` null and is in the trash through its ancestor. `seq` is the commit that
///   made this state.
/// - `version`: the states that a later one replaced (`until_seq`), and the commit that had moved the node to the trash by then.
/// - `pack`, `chunk`: what is stored and where. `contents` of a pack: 44 bytes for each chunk, [PackIndex].
/// - `stat`: what a local file looked like when the node's state was taken from it.
/// - `sent`: packs sealed here that no commit carries yet.
/// - `damaged`: packs whose bytes were found missing or wrong ([DamagedPacks]); a note of this device.
/// - `snapshot`: ids of the chunks that each snapshot's stream needs, lists included, and of the packs it names for them.
/// - `proven`: where this device last read whole copies of packs and found them right ([Proven]).
/// - `tlog`, `tlog_entry`: the verified transparency log, the key it was verified with, and when it was last read; `tlog_heard`: what other devices'
///   commits told of it and was not compared yet ([LogWatchStore]).
/// - `problem`: operations of commits that the rules made void.
final class ReplicaSchema {

    private static final int VERSION = 7;

    private static final List<String> VERSION_1 = List.of(
            """
            CREATE TABLE log(
                id BLOB PRIMARY KEY, kind TEXT NOT NULL, head_seq INTEGER NOT NULL, head_id BLOB NOT NULL, frozen TEXT,
                state BLOB
            ) WITHOUT ROWID""",
            """
            CREATE TABLE entry(
                log BLOB NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, kind INTEGER NOT NULL, bytes BLOB NOT NULL,
                UNIQUE(log, seq)
            )""",
            """
            CREATE TABLE vault(
                num INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, root INTEGER NOT NULL,
                files INTEGER NOT NULL, bytes INTEGER NOT NULL, released_seq INTEGER NOT NULL
            )""",
            """
            CREATE TABLE applied(
                vault INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
                author BLOB NOT NULL, PRIMARY KEY(vault, seq)
            ) WITHOUT ROWID""",
            """
            CREATE TABLE node(
                num INTEGER PRIMARY KEY, vault INTEGER NOT NULL, id BLOB NOT NULL, parent INTEGER NOT NULL,
                name TEXT NOT NULL, kind INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, flags INTEGER NOT NULL,
                size INTEGER NOT NULL, seq INTEGER NOT NULL, trashed INTEGER, content BLOB
            )""",
            "CREATE UNIQUE INDEX node_id ON node(id, vault)",
            "CREATE UNIQUE INDEX node_name ON node(parent, name) WHERE trashed IS NULL",
            "CREATE INDEX node_trash ON node(vault, trashed, num) WHERE trashed IS NOT NULL",
            "CREATE INDEX node_trash_parent ON node(parent) WHERE trashed IS NOT NULL",
            """
            CREATE TABLE version(
                node INTEGER NOT NULL, seq INTEGER NOT NULL, until_seq INTEGER NOT NULL, parent INTEGER NOT NULL,
                name TEXT NOT NULL, mtime_ns INTEGER NOT NULL, flags INTEGER NOT NULL, size INTEGER NOT NULL,
                content BLOB, PRIMARY KEY(node, seq)
            ) WITHOUT ROWID""",
            """
            CREATE TABLE pack(
                num INTEGER PRIMARY KEY, vault INTEGER NOT NULL, id BLOB NOT NULL, size INTEGER NOT NULL,
                epoch INTEGER NOT NULL, seq INTEGER NOT NULL, released INTEGER, contents BLOB NOT NULL, UNIQUE(id, vault)
            )""",
            """
            CREATE TABLE chunk(
                id BLOB NOT NULL, vault INTEGER NOT NULL, pack INTEGER NOT NULL, offset INTEGER NOT NULL,
                sealed INTEGER NOT NULL, plain INTEGER NOT NULL, PRIMARY KEY(id, vault, pack)
            ) WITHOUT ROWID""",
            """
            CREATE TABLE stat(
                node INTEGER PRIMARY KEY, seq INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL,
                mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL
            )""",
            """
            CREATE TABLE sent(
                vault INTEGER NOT NULL, id BLOB NOT NULL, size INTEGER NOT NULL, epoch INTEGER NOT NULL,
                contents BLOB NOT NULL, PRIMARY KEY(vault, id)
            )""",
            """
            CREATE TABLE problem(
                num INTEGER PRIMARY KEY, vault INTEGER NOT NULL, seq INTEGER NOT NULL, node BLOB NOT NULL, reason TEXT NOT NULL
            )""",
            "CREATE INDEX problem_vault ON problem(vault)",
            """
            CREATE TABLE damaged(
                pack INTEGER PRIMARY KEY, reason TEXT NOT NULL, seen_ms INTEGER NOT NULL
            )""",
            """
            CREATE TABLE snapshot(
                vault INTEGER NOT NULL, seq INTEGER NOT NULL, chunks BLOB NOT NULL, packs BLOB NOT NULL,
                PRIMARY KEY(vault, seq)
            ) WITHOUT ROWID""",
            "CREATE TABLE clock(one INTEGER PRIMARY KEY CHECK(one = 1), wall_ms INTEGER NOT NULL, trusted_ms INTEGER NOT NULL)");

    private static final List<String> VERSION_2 = List.of(
            """
            CREATE TABLE tlog(
                one INTEGER PRIMARY KEY CHECK(one = 1), key TEXT NOT NULL, size INTEGER NOT NULL, roots BLOB NOT NULL,
                frozen TEXT, own_heads INTEGER NOT NULL
            )""",
            "CREATE TABLE tlog_entry(idx INTEGER PRIMARY KEY, place BLOB UNIQUE, bytes BLOB NOT NULL)",
            "CREATE TABLE tlog_heard(size INTEGER NOT NULL, root BLOB NOT NULL, PRIMARY KEY(size, root)) WITHOUT ROWID");

    /// Of states that were replaced before it is not known whether they had been in the trash: they count as live.
    private static final List<String> VERSION_3 = List.of("ALTER TABLE version ADD COLUMN trashed INTEGER");

    private static final List<String> VERSION_4 = List.of(
            """
            CREATE TABLE proven(
                pack INTEGER NOT NULL, origin TEXT NOT NULL, seen_ms INTEGER NOT NULL, PRIMARY KEY(pack, origin)
            ) WITHOUT ROWID""");

    private static final List<String> VERSION_5 = List.of("ALTER TABLE log ADD COLUMN alarm TEXT");

    private static final List<String> VERSION_6 = List.of("ALTER TABLE tlog ADD COLUMN read_ms INTEGER");

    private static final List<String> VERSION_7 =
            List.of("ALTER TABLE log ADD COLUMN offered BLOB", "ALTER TABLE log ADD COLUMN twin INTEGER");

    private ReplicaSchema() {}

    static void migrate(Tx tx) throws SQLException, CofferException {
        tx.run("CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL)");
        long version = tx.number(0, "SELECT max(version) FROM schema_version");
        if (version > VERSION) {
            throw new CofferException(ErrorCode.DOWNGRADE, "A newer Coffer made this device's database.");
        }
        run(tx, version < 1 ? VERSION_1 : List.of());
        run(tx, version < 2 ? VERSION_2 : List.of());
        run(tx, version < 3 ? VERSION_3 : List.of());
        run(tx, version < 4 ? VERSION_4 : List.of());
        run(tx, version < 5 ? VERSION_5 : List.of());
        run(tx, version < 6 ? VERSION_6 : List.of());
        run(tx, version < 7 ? VERSION_7 : List.of());
        if (version < VERSION) {
            tx.run("INSERT INTO schema_version VALUES (?)", VERSION);
        }
    }

    private static void run(Tx tx, List<String> statements) throws SQLException {
        for (String statement : statements) {
            tx.run(statement);
        }
    }
}
