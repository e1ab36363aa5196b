package coffer.device;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Limits;
import coffer.core.NodeId;
import coffer.device.sync.SyncStore;
import coffer.device.sync.plan.Base;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.Stamp;
import coffer.device.sync.plan.SyncedNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Which folders this device keeps the same as folders of the vault, and what each remembers: the file `sync.db` of the
/// home. SQLite in write-ahead mode, forced on every commit; one connection, so that nothing written later survives
/// without what was written before.
///
/// Not made again from the logs like the replica: without it, both sides of a folder are compared from the beginning,
/// which loses nothing.
final class SyncDb implements AutoCloseable {

    /// A folder that is kept the same.
    ///
    /// @param id   random, also in the folder's marker
    /// @param node the vault's folder, which keeps its id when it is renamed
    record Folder(String id, Path path, NodeId node, boolean paused) {}

    private static final int VERSION = 4;
    private static final String CACHE = "-2048";
    private static final int CONTENT_BYTES_MAX = 1 << 24;
    private static final int NAME_BYTES_MAX = 4 * Limits.NAME_BYTES_MAX;

    private static final List<String> VERSION_1 = List.of(
            "CREATE TABLE folder(id TEXT PRIMARY KEY, path TEXT NOT NULL, node BLOB NOT NULL, paused INTEGER NOT NULL)",
            """
            CREATE TABLE item(
                folder TEXT NOT NULL, node BLOB NOT NULL, parent BLOB NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
                file INTEGER NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, change_ns INTEGER NOT NULL,
                base BLOB, sent BLOB, sent_stamp BLOB, PRIMARY KEY(folder, node)
            ) WITHOUT ROWID""",
            "CREATE INDEX item_place ON item(folder, parent, name)",
            """
            CREATE TABLE conflict(
                num INTEGER PRIMARY KEY, folder TEXT NOT NULL, kept BLOB NOT NULL, other BLOB NOT NULL,
                time_ms INTEGER NOT NULL
            )""");

    private static final List<String> VERSION_2 = List.of("ALTER TABLE item ADD COLUMN received BLOB");
    private static final List<String> VERSION_3 = List.of(
            "CREATE INDEX item_file ON item(folder, file)",
            "ALTER TABLE item ADD COLUMN received_file INTEGER NOT NULL DEFAULT 0");

    private static final List<String> VERSION_4 =
            List.of("CREATE TABLE left_out(folder TEXT NOT NULL, node BLOB NOT NULL, PRIMARY KEY(folder, node)) WITHOUT ROWID");

    private final Connection connection;
    private final Tx tx;
    private final ReentrantLock lock = new ReentrantLock();

    private SyncDb(Connection connection) {
        this.connection = connection;
        this.tx = new Tx(connection);
    }

    static SyncDb open(Path file) throws CofferException {
        try {
            SyncDb db = new SyncDb(ReplicaDb.connect(file, CACHE, false));
            try {
                db.run(SyncDb::migrate);
                return db;
            } catch (CofferException e) {
                db.close();
                throw e;
            }
        } catch (SQLException e) {
            throw ReplicaDb.failure(e);
        }
    }

    private static boolean migrate(Tx tx) throws SQLException, CofferException {
        tx.run("CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL)");
        long version = tx.number(0, "SELECT max(version) FROM schema_version");
        if (version > VERSION) {
            throw new CofferException(ErrorCode.DOWNGRADE, "A newer Coffer made this device's list of synced folders.");
        }
        if (version < 1) {
            migrate(tx, 1, VERSION_1);
        }
        if (version < 2) {
            migrate(tx, 2, VERSION_2);
        }
        if (version < 3) {
            migrate(tx, 3, VERSION_3);
        }
        if (version < 4) {
            migrate(tx, 4, VERSION_4);
        }
        return true;
    }

    private static void migrate(Tx tx, int to, List<String> statements) throws SQLException {
        for (String statement : statements) {
            tx.run(statement);
        }
        tx.run("INSERT INTO schema_version VALUES (?)", to);
    }

    private <T> T run(ReplicaDb.Work<T> work) throws CofferException {
        lock.lock();
        try {
            T result = work.run(tx);
            connection.commit();
            return result;
        } catch (SQLException e) {
            rollBack();
            throw ReplicaDb.failure(e);
        } catch (CofferException | RuntimeException e) {
            rollBack();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException ignored) {
            // SQLite has rolled back by itself.
        }
    }

    List<Folder> folders() throws CofferException {
        return run(tx -> {
            List<Folder> folders = new ArrayList<>();
            try (Tx.Rows rows = tx.query("SELECT id, path, node, paused FROM folder ORDER BY path")) {
                while (rows.next()) {
                    folders.add(new Folder(
                            rows.text(1), Path.of(rows.text(2)), NodeId.of(rows.bytes(3)), rows.integer(4) == 1));
                }
            }
            return folders;
        });
    }

    /// Adds a folder, or sets what is said of it anew.
    void put(Folder folder) throws CofferException {
        run(tx -> tx.run(
                "INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?)",
                folder.id, folder.path.toString(), folder.node.toArray(), folder.paused ? 1 : 0));
    }

    void remove(String id) throws CofferException {
        run(tx -> tx.run("DELETE FROM folder WHERE id = ?", id)
                + tx.run("DELETE FROM item WHERE folder = ?", id)
                + tx.run("DELETE FROM conflict WHERE folder = ?", id)
                + tx.run("DELETE FROM left_out WHERE folder = ?", id));
    }

    /// Runs before anything is remembered: makes durable what it speaks of.
    @FunctionalInterface
    interface Barrier {
        void run() throws CofferException;
    }

    /// What one folder remembers.
    SyncStore store(String folder, Barrier barrier) {
        return new SyncStore() {
            @Override
            public List<SyncedNode> load() throws CofferException {
                return run(tx -> items(tx, folder));
            }

            @Override
            public void write(Write write) throws CofferException {
                barrier.run();
                run(tx -> {
                    SyncDb.write(tx, folder, write);
                    return true;
                });
            }

            @Override
            public List<Conflict> conflicts() throws CofferException {
                return run(tx -> SyncDb.conflicts(tx, folder));
            }

            @Override
            public Set<NodeId> leftOut() throws CofferException {
                return run(tx -> SyncDb.leftOut(tx, folder));
            }

            @Override
            public void leaveOut(Set<NodeId> folders, List<SyncedNode> put) throws CofferException {
                barrier.run();
                run(tx -> {
                    tx.run("DELETE FROM left_out WHERE folder = ?", folder);
                    for (NodeId node : folders) {
                        tx.run("INSERT INTO left_out VALUES (?, ?)", folder, node.toArray());
                    }
                    SyncDb.write(tx, folder, new Write(List.of(), put, List.of()));
                    return true;
                });
            }
        };
    }

    /// Whether something is remembered of the item at that path.
    boolean remembers(String folder, NodeId top, List<String> path) throws CofferException {
        return run(tx -> {
            byte[] at = top.toArray();
            for (String name : path) {
                at = at == null ? null : tx.blob("SELECT node FROM item WHERE folder = ? AND parent = ? AND name = ?", folder, at, name);
            }
            return at != null;
        });
    }

    /// Whether something is remembered of the item with that file id, wherever it is.
    boolean remembers(String folder, long fileId) throws CofferException {
        return run(tx -> tx.blob("SELECT node FROM item WHERE folder = ? AND file = ?", folder, fileId) != null);
    }

    private static List<SyncedNode> items(Tx tx, String folder) throws SQLException, CofferException {
        List<SyncedNode> items = new ArrayList<>();
        try (Tx.Rows rows = tx.query(
                "SELECT node, parent, name, kind, file, size, mtime_ns, change_ns, base, sent, sent_stamp, received, received_file FROM item"
                        + " WHERE folder = ?",
                folder)) {
            while (rows.next()) {
                items.add(new SyncedNode(
                        NodeId.of(rows.bytes(1)),
                        NodeId.of(rows.bytes(2)),
                        rows.text(3),
                        Kind.valueOf(rows.text(4)),
                        new Stamp(rows.number(5), rows.number(6), rows.number(7), rows.number(8)),
                        base(rows.bytesOrNull(9)),
                        base(rows.bytesOrNull(10)),
                        stamp(rows.bytesOrNull(11)),
                        base(rows.bytesOrNull(12)),
                        rows.number(13)));
            }
        } catch (CborException | IllegalArgumentException e) {
            throw Refusals.damaged("What this device remembers of a synced folder is damaged.", e);
        }
        return items;
    }

    private static void write(Tx tx, String folder, SyncStore.Write write) throws SQLException {
        try (Tx.Batch rows = tx.batch("DELETE FROM item WHERE folder = ? AND node = ?")) {
            for (NodeId id : write.forgotten()) {
                rows.add(folder, id.toArray());
            }
        }
        try (Tx.Batch rows = tx.batch("INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (SyncedNode item : write.put()) {
                Stamp stamp = item.stamp();
                rows.add(
                        folder, item.id().toArray(), item.parent().toArray(), item.localName(), item.kind().name(),
                        stamp.fileId(), stamp.size(), stamp.mtimeNs(), stamp.changeNs(),
                        encode(item.base()), encode(item.sent()), encode(item.sentStamp()), encode(item.received()),
                        item.receivedFile());
            }
        }
        for (SyncStore.Conflict conflict : write.conflicts()) {
            tx.run(
                    "INSERT INTO conflict(folder, kept, other, time_ms) VALUES (?, ?, ?, ?)",
                    folder, conflict.kept().toArray(), conflict.with().toArray(), conflict.timeMs());
        }
    }

    private static List<SyncStore.Conflict> conflicts(Tx tx, String folder) throws SQLException {
        List<SyncStore.Conflict> conflicts = new ArrayList<>();
        try (Tx.Rows rows = tx.query("SELECT kept, other, time_ms FROM conflict WHERE folder = ? ORDER BY num", folder)) {
            while (rows.next()) {
                conflicts.add(new SyncStore.Conflict(
                        NodeId.of(rows.bytes(1)), NodeId.of(rows.bytes(2)), rows.number(3)));
            }
        }
        return conflicts;
    }

    private static Set<NodeId> leftOut(Tx tx, String folder) throws SQLException {
        Set<NodeId> folders = new HashSet<>();
        try (Tx.Rows rows = tx.query("SELECT node FROM left_out WHERE folder = ?", folder)) {
            while (rows.next()) {
                folders.add(NodeId.of(rows.bytes(1)));
            }
        }
        return folders;
    }

    static byte @Nullable [] encode(@Nullable Base base) {
        return base == null
                ? null
                : new CborWriter()
                        .array(5)
                        .bytes(base.parent().toArray())
                        .text(base.name())
                        .text(base.localName())
                        .bytes(base.content().value().toArray())
                        .integer(base.executable() ? 1 : 0)
                        .toByteArray();
    }

    static @Nullable Base base(byte @Nullable [] encoded) throws CborException {
        if (encoded == null) {
            return null;
        }
        CborReader in = new CborReader(encoded);
        in.arrayOf(5);
        Base base = new Base(
                NodeId.of(in.bytesOf(NodeId.SIZE).toArray()),
                in.text(NAME_BYTES_MAX),
                in.text(NAME_BYTES_MAX),
                new ContentId(Bytes.of(in.bytes(CONTENT_BYTES_MAX))),
                in.integer(0, 1) == 1);
        in.end();
        return base;
    }

    static byte @Nullable [] encode(@Nullable Stamp stamp) {
        return stamp == null
                ? null
                : ByteBuffer.allocate(4 * Long.BYTES)
                        .putLong(stamp.fileId())
                        .putLong(stamp.size())
                        .putLong(stamp.mtimeNs())
                        .putLong(stamp.changeNs())
                        .array();
    }

    static @Nullable Stamp stamp(byte @Nullable [] encoded) throws CborException {
        if (encoded == null) {
            return null;
        }
        if (encoded.length != 4 * Long.BYTES) {
            throw new CborException("a stamp has four numbers");
        }
        ByteBuffer in = ByteBuffer.wrap(encoded);
        return new Stamp(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException ignored) {
            // What was committed is on the disk already.
        } finally {
            lock.unlock();
        }
    }
}
