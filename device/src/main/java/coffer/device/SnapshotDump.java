package coffer.device;

import coffer.core.DeviceId;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.PackContents;
import coffer.seal.SnapshotItem;
import coffer.seal.SnapshotWriter;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/// Writes what the replica knows of a vault as the items of a snapshot, one at a time, in one transaction.
final class SnapshotDump {

    private static final String NODES =
            "SELECT n.id, p.id, n.name, n.kind, n.mtime_ns, n.flags, n.size, n.content, n.seq, a.author, n.trashed, t.time_ms"
                    + " FROM node n JOIN node p ON p.num = n.parent"
                    + " JOIN applied a ON a.vault = n.vault AND a.seq = n.seq"
                    + " LEFT JOIN applied t ON t.vault = n.vault AND t.seq = n.trashed"
                    + " WHERE n.vault = ? AND n.num <> ? AND n.trashed IS ";

    private static final String VERSIONS =
            "SELECT n.id, p.id, v.name, n.kind, v.mtime_ns, v.flags, v.size, v.content, v.seq, a.author, v.until_seq, v.trashed"
                    + " FROM node n JOIN version v ON v.node = n.num LEFT JOIN node p ON p.num = v.parent"
                    + " JOIN applied a ON a.vault = n.vault AND a.seq = v.seq"
                    + " WHERE n.vault = ? ORDER BY n.id, v.seq";

    private SnapshotDump() {}

    static void write(Tx tx, Vaults.Ref vault, SnapshotWriter out) throws SQLException, IOException {
        try (Tx.Rows rows = tx.query(NODES + "NULL ORDER BY n.id", vault.num(), vault.root())) {
            while (rows.next()) {
                out.write(node(rows));
            }
        }
        try (Tx.Rows rows = tx.query(NODES + "NOT NULL ORDER BY n.id", vault.num(), vault.root())) {
            while (rows.next()) {
                out.write(new SnapshotItem.TrashItem(node(rows), rows.number(11), rows.number(12)));
            }
        }
        try (Tx.Rows rows = tx.query(VERSIONS, vault.num())) {
            while (rows.next()) {
                OptionalLong trashed = rows.isNull(12) ? OptionalLong.empty() : OptionalLong.of(rows.number(12));
                out.write(new SnapshotItem.VersionItem(node(rows), rows.number(11), trashed));
            }
        }
        try (Tx.Rows rows = tx.query(
                "SELECT id, size, epoch, contents FROM pack WHERE vault = ? AND released IS NULL ORDER BY id", vault.num())) {
            while (rows.next()) {
                PackContents contents = new PackContents(List.copyOf(PackIndex.places(rows.bytes(4))));
                out.write(new SnapshotItem.PackItem(PackId.of(rows.bytes(1)), rows.integer(2), rows.number(3), contents));
            }
        }
    }

    private static SnapshotItem.NodeItem node(Tx.Rows rows) throws SQLException {
        byte[] parent = rows.bytesOrNull(2);
        Content content = StoredContent.decode(Vaults.kind(rows.integer(4)), rows.number(7), rows.bytesOrNull(8));
        Operation.Put put = new Operation.Put(
                NodeId.of(rows.bytes(1)),
                parent == null ? Operation.ROOT : NodeId.of(parent),
                rows.text(3),
                rows.number(5),
                (rows.integer(6) & StoredContent.EXECUTABLE) != 0,
                content);
        return new SnapshotItem.NodeItem(put, rows.number(9), DeviceId.of(rows.bytes(10)));
    }
}
