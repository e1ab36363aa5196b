package coffer.device;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tree of a vault as it was after an entry of its log, read inside one transaction.
///
/// Exact as long as nothing has been forgotten since: purged nodes are gone, and so are their former places for what lay in them.
final class PastTree {

    /// Folders whose depth is remembered at once.
    private static final int REMEMBERED_MAX = 65_536;

    private static final int NOT_LIVE = -1;

    /// A node's own state then.
    ///
    /// @param seq     the commit that made it
    /// @param trashed whether it was in the trash by itself
    record State(long seq, long parent, String name, long mtimeNs, int flags, long size, boolean trashed) {}

    private final Tx tx;
    private final Vaults.Ref vault;
    private final long sequence;
    private final Map<Long, Integer> depths = new HashMap<>();

    PastTree(Tx tx, Vaults.Ref vault, long sequence) {
        this.tx = tx;
        this.vault = vault;
        this.sequence = sequence;
    }

    /// The state of a node, or null where it was not there yet.
    @Nullable State at(long num) throws SQLException {
        State present = one(
                "SELECT seq, parent, name, mtime_ns, flags, size, coalesce(trashed <= ?, 0) FROM node WHERE num = ? AND seq <= ?",
                sequence, num, sequence);
        return present != null
                ? present
                : one(
                        "SELECT seq, parent, name, mtime_ns, flags, size, coalesce(trashed <= ?, 0) FROM version"
                                + " WHERE node = ? AND seq <= ? AND until_seq > ?",
                        sequence, num, sequence, sequence);
    }

    /// How far below the root a node was; -1 if it was not there, or in the trash.
    int depth(long num) throws SQLException {
        State state = num == vault.root() ? null : at(num);
        return state == null ? (num == vault.root() ? 0 : NOT_LIVE) : depthOf(state);
    }

    /// As [#depth], of what was in that state then.
    int depthOf(State state) throws SQLException {
        int above = state.trashed ? NOT_LIVE : folderDepth(state.parent);
        return above == NOT_LIVE ? NOT_LIVE : above + 1;
    }

    private int folderDepth(long num) throws SQLException {
        Integer known = depths.get(num);
        if (known == null) {
            known = depth(num);
            if (depths.size() >= REMEMBERED_MAX) {
                depths.clear();
            }
            depths.put(num, known);
        }
        return known;
    }

    boolean isAtOrBelow(long num, long top) throws SQLException {
        for (long at = num; ; ) {
            if (at == top) {
                return true;
            }
            State state = at == vault.root() ? null : at(at);
            if (state == null) {
                return false;
            }
            at = state.parent;
        }
    }

    /// The number of the live node at a path, or -1.
    long find(List<String> names) throws SQLException {
        long at = vault.root();
        for (String name : names) {
            at = child(at, name);
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }

    private long child(long parent, String name) throws SQLException {
        long present = tx.number(
                -1,
                "SELECT num FROM node WHERE parent = ? AND name = ? AND vault = ? AND seq <= ? AND (trashed IS NULL OR trashed > ?)",
                parent, name, vault.num(), sequence, sequence);
        return present >= 0
                ? present
                : tx.number(
                        -1,
                        "SELECT node FROM version WHERE parent = ? AND name = ? AND seq <= ? AND until_seq > ?"
                                + " AND (trashed IS NULL OR trashed > ?)",
                        parent, name, sequence, sequence, sequence);
    }

    String path(long num) throws SQLException {
        StringBuilder path = new StringBuilder();
        for (long at = num; at != vault.root(); ) {
            State state = at(at);
            if (state == null) {
                return path.insert(0, "/…").toString(); // a folder that was purged since
            }
            path.insert(0, "/" + state.name);
            at = state.parent;
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private @Nullable State one(String sql, @Nullable Object... arguments) throws SQLException {
        try (Tx.Rows rows = tx.query(sql, arguments)) {
            return rows.next()
                    ? new State(
                            rows.number(1), rows.number(2), rows.text(3), rows.number(4), rows.integer(5), rows.number(6),
                            rows.integer(7) == 1)
                    : null;
        }
    }
}
