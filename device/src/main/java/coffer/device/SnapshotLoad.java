package coffer.device;

import coffer.core.CborException;
import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.core.log.Head;
import coffer.core.log.PackRef;
import coffer.seal.Operation;
import coffer.seal.SnapshotItem;
import coffer.seal.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Optional;

/// Loads the items of a snapshot into an empty tree, in the transaction that also keeps the entries before it.
///
/// A snapshot is a member's word, so what must fit does: every pack is one that the headers add and none releases, and all
/// of those are there; every node lies below the root, in a folder; names are unique; nothing is newer than the state.
final class SnapshotLoad {

    private final Tx tx;
    private final Vaults.Ref vault;
    private final SnapshotReader reader;
    private final ChunkIndex index;
    private long packs;
    private long staged;

    SnapshotLoad(Tx tx, LogId id, InputStream in) throws IOException, CborException, CofferException, SQLException {
        this.tx = tx;
        this.vault = Vaults.findOrAdd(tx, id);
        this.reader = new SnapshotReader(in);
        this.index = new ChunkIndex(tx, vault);
        if (!reader.header().vault().equals(id)) {
            throw SnapshotStart.wrong();
        }
    }

    /// The entry after which this is the state.
    Head head() {
        return reader.header().head();
    }

    /// Loads everything; the entries up to [#head] are kept already.
    void items() throws IOException, CborException, CofferException, SQLException {
        tx.run("CREATE TEMP TABLE IF NOT EXISTS staged_parent(num INTEGER PRIMARY KEY, parent BLOB NOT NULL)");
        tx.run("CREATE TEMP TABLE IF NOT EXISTS staged_version(node BLOB, parent BLOB, seq INTEGER, until_seq INTEGER,"
                + " name TEXT, mtime_ns INTEGER, flags INTEGER, size INTEGER, content BLOB, trashed INTEGER)");
        tx.run("DELETE FROM staged_parent");
        tx.run("DELETE FROM staged_version");
        for (Optional<SnapshotItem> item = reader.next(); item.isPresent(); item = reader.next()) {
            switch (item.get()) {
                case SnapshotItem.NodeItem node -> node(node, null);
                case SnapshotItem.TrashItem trash -> {
                    requireKnown(trash.deletedSequence());
                    node(trash.node(), trash.deletedSequence());
                }
                case SnapshotItem.VersionItem version -> version(version);
                case SnapshotItem.PackItem pack -> pack(pack);
            }
        }
        connect();
        require(packs == tx.number(-1, "SELECT count(*) FROM pack WHERE vault = ? AND released IS NULL", vault.num()));
        count();
        tx.run("DELETE FROM staged_parent");
        tx.run("DELETE FROM staged_version");
    }

    private void node(SnapshotItem.NodeItem item, @org.jspecify.annotations.Nullable Long trashed)
            throws SQLException, CofferException {
        requireKnown(item.sequence());
        Operation.Put put = item.put();
        // Until all are there: a parent that no node has, and no other one shares, because names are unique below a parent.
        long nowhere = Long.MIN_VALUE + staged++;
        tx.run(
                "INSERT INTO node(vault, id, parent, name, kind, mtime_ns, flags, size, seq, trashed, content)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                vault.num(), put.node().toArray(), nowhere, put.name(), Vaults.code(StoredContent.kind(put.content())),
                put.modifiedNs(), flags(put), StoredContent.size(put.content()), item.sequence(), trashed,
                StoredContent.encode(put.content()));
        tx.run("INSERT INTO staged_parent VALUES (last_insert_rowid(), ?)", (Object) put.parent().toArray());
    }

    private void version(SnapshotItem.VersionItem item) throws SQLException, CofferException {
        requireKnown(item.state().sequence());
        requireKnown(item.untilSequence());
        Long trashed = item.trashedSequence().isPresent() ? item.trashedSequence().getAsLong() : null;
        require(trashed == null || trashed <= item.untilSequence());
        Operation.Put put = item.state().put();
        tx.run(
                "INSERT INTO staged_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                put.node().toArray(), put.parent().toArray(), item.state().sequence(), item.untilSequence(), put.name(),
                put.modifiedNs(), flags(put), StoredContent.size(put.content()), StoredContent.encode(put.content()), trashed);
    }

    private void pack(SnapshotItem.PackItem item) throws SQLException, CofferException {
        try (Tx.Rows rows = tx.query(
                "SELECT seq FROM pack WHERE id = ? AND vault = ? AND size = ? AND epoch = ? AND released IS NULL",
                item.id().toArray(), vault.num(), item.size(), item.epoch())) {
            require(rows.next());
            index.add(new PackRef(item.id(), item.size()), item.epoch(), rows.number(1), PackIndex.encode(item.contents()));
        }
        packs++;
    }

    /// Hangs every node into its folder.
    private void connect() throws SQLException, CofferException {
        tx.run(
                "UPDATE node SET parent = coalesce((SELECT p.num FROM staged_parent s JOIN node p ON p.id = s.parent"
                        + " AND p.vault = node.vault AND p.kind = ? WHERE s.num = node.num), parent)"
                        + " WHERE num IN (SELECT num FROM staged_parent)",
                Vaults.code(Device.NodeKind.FOLDER));
        // What hangs below itself or nowhere is not reached from the root.
        long reached = tx.number(
                0,
                "WITH RECURSIVE sub(num) AS (SELECT ? UNION ALL SELECT n.num FROM sub JOIN node n ON n.parent = sub.num"
                        + " AND n.trashed IS NULL UNION ALL SELECT n.num FROM sub JOIN node n ON n.parent = sub.num"
                        + " AND n.trashed IS NOT NULL) SELECT count(*) FROM sub",
                vault.root());
        require(reached == staged + 1);
        long all = tx.number(0, "SELECT count(*) FROM staged_version");
        int placed = tx.run(
                "INSERT INTO version(node, seq, until_seq, parent, name, mtime_ns, flags, size, content, trashed) SELECT n.num,"
                        + " s.seq, s.until_seq, coalesce(p.num, ?), s.name, s.mtime_ns, s.flags, s.size, s.content, s.trashed"
                        + " FROM staged_version s JOIN node n ON n.id = s.node AND n.vault = ?"
                        + " LEFT JOIN node p ON p.id = s.parent AND p.vault = n.vault",
                vault.root(), vault.num());
        require(placed == all);
    }

    private void count() throws SQLException {
        tx.run(
                "WITH RECURSIVE sub(num) AS (SELECT ? UNION ALL SELECT n.num FROM sub JOIN node n ON n.parent = sub.num"
                        + " AND n.trashed IS NULL)"
                        + " UPDATE vault SET (files, bytes) = (SELECT count(*), coalesce(sum(n.size), 0) FROM sub"
                        + " JOIN node n ON n.num = sub.num WHERE n.kind = ?) WHERE num = ?",
                vault.root(), Vaults.code(Device.NodeKind.FILE), vault.num());
    }

    private void requireKnown(long sequence) throws CofferException {
        require(sequence <= head().sequence());
    }

    private static void require(boolean fits) throws CofferException {
        if (!fits) {
            throw SnapshotStart.wrong();
        }
    }

    private static int flags(Operation.Put put) {
        return put.executable() ? StoredContent.EXECUTABLE : 0;
    }
}
