package coffer.device;

import coffer.core.Limits;
import coffer.core.NodeId;
import coffer.seal.Operation;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Applies the operations of one commit to the tree, by rules that give every device the same tree
/// (docs/spec/tree.md, "Rules"). An operation that breaks a rule does nothing and is noted as a problem, so that a hostile
/// member can spoil its own commits and nothing else.
///
/// Lives for one commit inside one transaction.
final class TreeWriter {

    /// More than this are not noted: a hostile member must not fill the disk with them.
    private static final int PROBLEMS_MAX = 1_000;

    private record Existing(long num, long parent, int kind, long size, long seq, boolean trashed) {}

    private static final String INSERT = "INSERT OR IGNORE INTO node"
            + "(vault, id, parent, name, kind, mtime_ns, flags, size, seq, trashed, content)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)";

    /// Everything below a node, itself included.
    private static final String SUBTREE = "WITH RECURSIVE sub(num) AS (SELECT ?"
            + " UNION ALL SELECT n.num FROM sub JOIN node n ON n.parent = sub.num AND n.trashed IS NULL"
            + " UNION ALL SELECT n.num FROM sub JOIN node n ON n.parent = sub.num AND n.trashed IS NOT NULL) ";

    /// As [#SUBTREE], without what went to the trash by itself, and with how deep each lies.
    private static final String LIVE_SUBTREE = "WITH RECURSIVE sub(num, depth) AS (SELECT ?, 0"
            + " UNION ALL SELECT n.num, sub.depth + 1 FROM sub JOIN node n ON n.parent = sub.num AND n.trashed IS NULL) ";

    private static final int NOT_LIVE = -1;

    private final Tx tx;
    private final Vaults.Ref vault;
    private final long sequence;
    private final boolean appendOnly;

    /// Depth of live folders by number, [#NOT_LIVE] for others; emptied when a folder moves.
    private final Map<Long, Integer> depths = new HashMap<>();
    private final Map<NodeId, Long> folders = new HashMap<>();
    private long filesAdded;
    private long bytesAdded;

    TreeWriter(Tx tx, Vaults.Ref vault, long sequence, boolean appendOnly) {
        this.tx = tx;
        this.vault = vault;
        this.sequence = sequence;
        this.appendOnly = appendOnly;
    }

    /// Gives a node a value, making it if it is not there and taking it out of the trash if it is.
    void put(Operation.Put put) throws SQLException {
        long parent = liveFolder(put.parent());
        if (parent < 0) {
            problem(put.node(), "no such parent");
            return;
        }
        int depth = depth(parent) + 1;
        if (depth > Limits.DEPTH_MAX) {
            problem(put.node(), "too deep");
        } else if (!insert(parent, put.name(), put)) {
            resolve(parent, depth, put);
        }
    }

    /// Moves a live node to the trash, with what is below it.
    void remove(NodeId id) throws SQLException {
        Existing node = changeable(id);
        if (node == null) {
            return;
        }
        if (!isLive(node)) {
            problem(id, "not there to be removed");
            return;
        }
        count(node.num, -1);
        tx.run("UPDATE node SET trashed = ? WHERE num = ?", sequence, node.num);
        forgetFolders();
    }

    /// Forgets a node in the trash, with what is below it.
    void purge(NodeId id) throws SQLException {
        Existing node = changeable(id);
        if (node == null) {
            return;
        }
        if (isLive(node)) {
            problem(id, "not in the trash");
            return;
        }
        tx.run("DELETE FROM version WHERE node IN (" + SUBTREE + "SELECT num FROM sub)", node.num);
        tx.run("DELETE FROM stat WHERE node IN (" + SUBTREE + "SELECT num FROM sub)", node.num);
        tx.run("DELETE FROM node WHERE num IN (" + SUBTREE + "SELECT num FROM sub)", node.num);
        forgetFolders();
    }

    /// Writes what was counted; call last.
    void finish() throws SQLException {
        if (filesAdded != 0 || bytesAdded != 0) {
            tx.run("UPDATE vault SET files = files + ?, bytes = bytes + ? WHERE num = ?", filesAdded, bytesAdded, vault.num());
        }
    }

    void problem(NodeId id, String reason) throws SQLException {
        if (tx.number(0, "SELECT count(*) FROM problem WHERE vault = ?", vault.num()) < PROBLEMS_MAX) {
            tx.run(
                    "INSERT INTO problem(vault, seq, node, reason) VALUES (?, ?, ?, ?)",
                    vault.num(), sequence, id.toArray(), reason);
        }
    }

    private boolean insert(long parent, String name, Operation.Put put) throws SQLException {
        Device.NodeKind kind = StoredContent.kind(put.content());
        long size = StoredContent.size(put.content());
        int inserted = tx.run(
                INSERT,
                vault.num(), put.node().toArray(), parent, name, Vaults.code(kind), put.modifiedNs(), flags(put), size, sequence,
                StoredContent.encode(put.content()));
        if (inserted == 1 && kind == Device.NodeKind.FILE) {
            filesAdded++;
            bytesAdded += size;
        }
        return inserted == 1;
    }

    /// The put of a node that is known already, or whose name is taken.
    private void resolve(long parent, int depth, Operation.Put put) throws SQLException {
        NodeId id = put.node();
        Existing node = find(id);
        if (node == null) {
            String name = freeName(id, parent, put.name(), -1);
            if (name == null || !insert(parent, name, put)) {
                problem(id, "no free name");
            }
            return;
        }
        Device.NodeKind kind = StoredContent.kind(put.content());
        if (appendOnly) {
            problem(id, "not for an append-only device");
        } else if (node.kind != Vaults.code(kind)) {
            problem(id, "a node stays what it is");
        } else if (kind == Device.NodeKind.FOLDER && node.parent != parent && !mayMove(node, parent, depth)) {
            problem(id, "a folder cannot go below itself or too deep");
        } else {
            replace(node, parent, put);
        }
    }

    private void replace(Existing node, long parent, Operation.Put put) throws SQLException {
        String name = freeName(put.node(), parent, put.name(), node.num);
        if (name == null) {
            problem(put.node(), "no free name");
            return;
        }
        boolean wasLive = isLive(node);
        if (node.seq != sequence) {
            tx.run(
                    "INSERT OR IGNORE INTO version(node, seq, until_seq, parent, name, mtime_ns, flags, size, content, trashed)"
                            + " SELECT num, seq, ?, parent, name, mtime_ns, flags, size, content, trashed"
                            + " FROM node WHERE num = ?",
                    sequence, node.num);
        }
        long size = StoredContent.size(put.content());
        tx.run(
                "UPDATE node SET parent = ?, name = ?, mtime_ns = ?, flags = ?, size = ?, seq = ?, trashed = NULL, content = ?"
                        + " WHERE num = ?",
                parent, name, put.modifiedNs(), flags(put), size, sequence, StoredContent.encode(put.content()), node.num);
        if (node.kind == Vaults.code(Device.NodeKind.FOLDER)) {
            forgetFolders();
        }
        if (!wasLive) {
            count(node.num, 1);
        } else {
            bytesAdded += size - node.size;
        }
    }

    private static int flags(Operation.Put put) {
        return put.executable() ? StoredContent.EXECUTABLE : 0;
    }

    /// The name that the node gets in that folder, or null where even the last resort is taken.
    private @Nullable String freeName(NodeId id, long parent, String wanted, long self) throws SQLException {
        for (String name : new String[] {wanted, NodeNames.besides(wanted, id), NodeNames.besidesSurely(wanted, id)}) {
            long holder = tx.number(-1, "SELECT num FROM node WHERE parent = ? AND name = ? AND trashed IS NULL", parent, name);
            if (holder < 0 || holder == self) {
                return name;
            }
        }
        return null;
    }

    private boolean mayMove(Existing folder, long parent, int depth) throws SQLException {
        for (long at = parent; at != vault.root(); at = parentOf(at)) {
            if (at == folder.num) {
                return false;
            }
        }
        long height = tx.number(0, LIVE_SUBTREE + "SELECT max(depth) FROM sub", folder.num);
        return depth + height <= Limits.DEPTH_MAX;
    }

    private long parentOf(long num) throws SQLException {
        return tx.number(vault.root(), "SELECT parent FROM node WHERE num = ?", num);
    }

    private @Nullable Existing changeable(NodeId id) throws SQLException {
        Existing node = id.equals(Vaults.ROOT) ? null : find(id);
        if (node == null) {
            problem(id, "no such node");
            return null;
        }
        if (appendOnly) {
            problem(id, "not for an append-only device");
            return null;
        }
        return node;
    }

    private @Nullable Existing find(NodeId id) throws SQLException {
        try (Tx.Rows rows = tx.query(
                "SELECT num, parent, kind, size, seq, trashed IS NOT NULL FROM node WHERE id = ? AND vault = ?",
                id.toArray(), vault.num())) {
            return rows.next()
                    ? new Existing(
                            rows.number(1), rows.number(2), rows.integer(3), rows.number(4), rows.number(5),
                            rows.integer(6) == 1)
                    : null;
        }
    }

    private boolean isLive(Existing node) throws SQLException {
        return !node.trashed && depth(node.parent) != NOT_LIVE;
    }

    /// Number of the live folder with that id, or -1.
    private long liveFolder(NodeId id) throws SQLException {
        Long known = folders.get(id);
        if (known == null) {
            Existing node = find(id);
            known = node == null || node.kind != Vaults.code(Device.NodeKind.FOLDER) ? Long.valueOf(-1) : Long.valueOf(node.num);
            if (known < 0) {
                return -1; // not kept: the next operation may make it
            }
            folders.put(id, known);
        }
        return depth(known) == NOT_LIVE ? -1 : known;
    }

    private int depth(long folder) throws SQLException {
        Integer known = depths.get(folder);
        if (known != null) {
            return known;
        }
        int depth = folder == vault.root() ? 0 : depthBelowParent(folder);
        depths.put(folder, depth);
        return depth;
    }

    private int depthBelowParent(long folder) throws SQLException {
        long parent;
        try (Tx.Rows rows = tx.query("SELECT parent FROM node WHERE num = ? AND trashed IS NULL", folder)) {
            if (!rows.next()) {
                return NOT_LIVE;
            }
            parent = rows.number(1);
        }
        int above = depth(parent); // no deeper than the limit on depth, which every put keeps
        return above == NOT_LIVE ? NOT_LIVE : above + 1;
    }

    private void forgetFolders() {
        depths.clear();
        folders.clear();
    }

    private void count(long num, int sign) throws SQLException {
        try (Tx.Rows rows = tx.query(
                LIVE_SUBTREE + "SELECT count(*), coalesce(sum(n.size), 0) FROM sub JOIN node n ON n.num = sub.num WHERE n.kind = ?",
                num, Vaults.code(Device.NodeKind.FILE))) {
            if (rows.next()) {
                filesAdded += sign * rows.number(1);
                bytesAdded += sign * rows.number(2);
            }
        }
    }
}
