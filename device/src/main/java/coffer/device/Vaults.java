package coffer.device;

import coffer.core.LogId;
import coffer.core.NodeId;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Vaults in the replica: their small numbers and their roots.
final class Vaults {

    static final NodeId ROOT = NodeId.of(new byte[NodeId.SIZE]);

    /// @param num  number of the vault in this replica
    /// @param root number of its root node
    record Ref(long num, long root) {}

    private Vaults() {}

    static @Nullable Ref find(Tx tx, LogId vault) throws SQLException {
        try (Tx.Rows rows = tx.query("SELECT num, root FROM vault WHERE id = ?", (Object) vault.toArray())) {
            return rows.next() ? new Ref(rows.number(1), rows.number(2)) : null;
        }
    }

    /// The vault, which is empty if nothing of it was seen before.
    static Ref findOrAdd(Tx tx, LogId vault) throws SQLException {
        Ref known = find(tx, vault);
        if (known != null) {
            return known;
        }
        tx.run("INSERT INTO vault(id, root, files, bytes, released_seq) VALUES (?, 0, 0, 0, -1)", (Object) vault.toArray());
        long num = tx.number(0, "SELECT last_insert_rowid()");
        // A parent that no node has and no other root shares, because names are unique below a parent.
        tx.run(
                "INSERT INTO node(vault, id, parent, name, kind, mtime_ns, flags, size, seq) VALUES (?, ?, ?, '', ?, 0, 0, 0, 0)",
                num, ROOT.toArray(), -num, code(Device.NodeKind.FOLDER));
        long root = tx.number(0, "SELECT last_insert_rowid()");
        tx.run("UPDATE vault SET root = ? WHERE num = ?", root, num);
        return new Ref(num, root);
    }

    /// Whether a node is the folder of what programs derive.
    static boolean isReserved(Ref vault, Nodes.Node node) {
        return node.parent() == vault.root() && node.isFolder() && node.name().equals(Contents.RESERVED);
    }

    static int code(Device.NodeKind kind) {
        return switch (kind) {
            case FILE -> 1;
            case FOLDER -> 2;
            case SYMLINK -> 3;
        };
    }

    static Device.NodeKind kind(int code) {
        return switch (code) {
            case 1 -> Device.NodeKind.FILE;
            case 2 -> Device.NodeKind.FOLDER;
            case 3 -> Device.NodeKind.SYMLINK;
            default -> throw new IllegalStateException("no such kind of node in the replica");
        };
    }
}
