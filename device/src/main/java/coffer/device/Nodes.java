package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads the tree of one vault inside one transaction.
final class Nodes {

    /// Children that one step of a listing holds.
    private static final int PAGE = 512;

    private static final String COLUMNS = "num, id, parent, name, kind, size, mtime_ns, flags, seq";

    /// The present state of a node, without its content.
    ///
    /// @param num    its number in this replica
    /// @param parent number of its parent
    /// @param size   of a file's content; 0 for others
    /// @param seq    the commit that made this state
    record Node(
            long num, NodeId id, long parent, String name, Device.NodeKind kind, long size, long mtimeNs, int flags, long seq) {

        boolean isFolder() {
            return kind == Device.NodeKind.FOLDER;
        }

        boolean isExecutable() {
            return (flags & StoredContent.EXECUTABLE) != 0;
        }
    }

    /// Who wrote a commit, and when by its own claim.
    record Author(DeviceId device, long timeMs) {}

    /// A state that a later one replaced, or the present one (`untilSeq` is -1 then).
    record PastState(long seq, long untilSeq, long parent, String name, long mtimeNs, int flags, long size) {}

    /// A node that went to the trash by itself.
    record Trashed(Node node, long trashedSeq) {}

    @FunctionalInterface
    interface Visitor {
        /// @param path absolute path of the node
        void visit(String path, Node node) throws CofferException, SQLException;

        /// Whether a node is left out, with everything below it.
        default boolean skips(String path, Node node) {
            return false;
        }
    }

    private final Tx tx;
    private final Vaults.Ref vault;

    Nodes(Tx tx, Vaults.Ref vault) {
        this.tx = tx;
        this.vault = vault;
    }

    Node root() throws SQLException {
        Node root = byNum(vault.root());
        if (root == null) {
            throw new IllegalStateException("a vault has a root");
        }
        return root;
    }

    /// The live node at an absolute path, or null.
    @Nullable Node find(String path) throws CofferException, SQLException {
        return find(NodeNames.split(path));
    }

    @Nullable Node find(List<String> names) throws SQLException {
        Node at = root();
        for (String name : names) {
            at = at.isFolder() ? child(at.num, name) : null;
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    Node require(String path) throws CofferException, SQLException {
        Node node = find(path);
        if (node == null) {
            throw Refusals.nothingThere();
        }
        return node;
    }

    /// The child of that name that is not in the trash, or null.
    @Nullable Node child(long parent, String name) throws SQLException {
        return one("SELECT " + COLUMNS + " FROM node WHERE parent = ? AND name = ? AND trashed IS NULL", parent, name);
    }

    @Nullable Node byNum(long num) throws SQLException {
        return one("SELECT " + COLUMNS + " FROM node WHERE num = ?", num);
    }

    /// The node, live or in the trash, or null.
    @Nullable Node byId(NodeId id) throws SQLException {
        return one("SELECT " + COLUMNS + " FROM node WHERE id = ? AND vault = ?", id.toArray(), vault.num());
    }

    /// Children by name, after `after`, at most a page of them; empty at the end.
    List<Node> children(long parent, String after) throws SQLException {
        List<Node> page = new ArrayList<>();
        try (Tx.Rows rows = tx.query(
                "SELECT " + COLUMNS + " FROM node WHERE parent = ? AND name > ? AND trashed IS NULL ORDER BY name LIMIT " + PAGE,
                parent, after)) {
            while (rows.next()) {
                page.add(read(rows));
            }
        }
        return page;
    }

    /// Visits everything below a folder, a folder before what is in it, siblings by name. Holds one page of children
    /// for each level it is in.
    void walk(String path, Node folder, boolean recursive, Visitor visitor) throws CofferException, SQLException {
        String prefix = path.equals("/") ? "/" : path + "/";
        String after = "";
        while (true) {
            List<Node> page = children(folder.num, after);
            for (Node child : page) {
                String childPath = prefix + child.name;
                if (visitor.skips(childPath, child)) {
                    continue;
                }
                visitor.visit(childPath, child);
                if (recursive && child.isFolder()) {
                    walk(childPath, child, true, visitor);
                }
            }
            if (page.size() < PAGE) {
                return;
            }
            after = page.getLast().name;
        }
    }

    /// Absolute path of a node, through the trash where it leads there.
    String path(Node node) throws SQLException {
        return path(node.parent, node.name);
    }

    String path(long parent, String name) throws SQLException {
        if (parent < 0) {
            return "/"; // only a root's parent is no node
        }
        StringBuilder path = new StringBuilder("/").append(name);
        for (long at = parent; at != vault.root(); ) {
            Node folder = byNum(at);
            if (folder == null) {
                return path.insert(0, "/…").toString(); // a folder that was purged since
            }
            path.insert(0, "/" + folder.name);
            at = folder.parent;
        }
        return path.toString();
    }

    /// Whether a node is reachable from the root without passing through the trash.
    boolean isLive(long num) throws SQLException {
        for (long at = num; at != vault.root(); ) {
            long parent = tx.number(-1, "SELECT parent FROM node WHERE num = ? AND trashed IS NULL", at);
            if (parent < 0) {
                return false;
            }
            at = parent;
        }
        return true;
    }

    /// Live nodes below the root whose names are wanted, newest first, at most `max`; none of what programs derive. Looks at
    /// every name.
    List<Node> named(Predicate<String> wanted, int max) throws SQLException {
        List<Node> found = new ArrayList<>();
        try (Tx.Rows rows = tx.query(
                "SELECT " + COLUMNS + " FROM node WHERE vault = ? AND trashed IS NULL ORDER BY num DESC", vault.num())) {
            while (found.size() < max && rows.next()) {
                if (rows.number(1) != vault.root() && wanted.test(rows.text(4)) && isShown(rows.number(1))) {
                    found.add(read(rows));
                }
            }
        }
        return found;
    }

    /// Whether a node is live and in no folder that listings leave out.
    private boolean isShown(long num) throws SQLException {
        for (long at = num; at != vault.root(); ) {
            Node node = one("SELECT " + COLUMNS + " FROM node WHERE num = ? AND trashed IS NULL", at);
            if (node == null || Vaults.isReserved(vault, node)) {
                return false;
            }
            at = node.parent();
        }
        return true;
    }

    byte @Nullable [] content(long num) throws SQLException {
        return tx.blob("SELECT content FROM node WHERE num = ?", num);
    }

    /// StoredContent of a past state; of the present one where `seq` is the node's.
    byte @Nullable [] contentAt(Node node, long seq) throws SQLException {
        return seq == node.seq
                ? content(node.num)
                : tx.blob("SELECT content FROM version WHERE node = ? AND seq = ?", node.num, seq);
    }

    /// Every known state of a node, newest first.
    List<PastState> history(Node node) throws SQLException {
        List<PastState> states = new ArrayList<>();
        states.add(new PastState(node.seq, -1, node.parent, node.name, node.mtimeNs, node.flags, node.size));
        try (Tx.Rows rows = tx.query(
                "SELECT seq, until_seq, parent, name, mtime_ns, flags, size FROM version WHERE node = ? ORDER BY seq DESC",
                node.num)) {
            while (rows.next()) {
                states.add(new PastState(
                        rows.number(1), rows.number(2), rows.number(3), rows.text(4), rows.number(5), rows.integer(6),
                        rows.number(7)));
            }
        }
        return states;
    }

    /// What went to the trash by itself, latest first, at most `limit` items.
    List<Trashed> trash(int limit) throws SQLException {
        List<Trashed> items = new ArrayList<>();
        try (Tx.Rows rows = tx.query(
                "SELECT " + COLUMNS + ", trashed FROM node WHERE vault = ? AND trashed IS NOT NULL"
                        + " ORDER BY trashed DESC, num LIMIT ?",
                vault.num(), limit)) {
            while (rows.next()) {
                items.add(new Trashed(read(rows), rows.number(10)));
            }
        }
        return items;
    }

    /// When a live-to-trash move happened for that node, or -1.
    long trashedSeq(long num) throws SQLException {
        return tx.number(-1, "SELECT trashed FROM node WHERE num = ?", num);
    }

    @Nullable Author author(long seq) throws SQLException {
        try (Tx.Rows rows =
                tx.query("SELECT author, time_ms FROM applied WHERE vault = ? AND seq = ?", vault.num(), seq)) {
            return rows.next() ? new Author(DeviceId.of(rows.bytes(1)), rows.number(2)) : null;
        }
    }

    private @Nullable Node one(String sql, @Nullable Object... arguments) throws SQLException {
        try (Tx.Rows rows = tx.query(sql, arguments)) {
            return rows.next() ? read(rows) : null;
        }
    }

    /// A row that begins with the columns of a node.
    static Node read(Tx.Rows rows) throws SQLException {
        return new Node(
                rows.number(1), NodeId.of(rows.bytes(2)), rows.number(3), rows.text(4), Vaults.kind(rows.integer(5)),
                rows.number(6), rows.number(7), rows.integer(8), rows.number(9));
    }
}
