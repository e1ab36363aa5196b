package coffer.device;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a rewind wants of each node, decided in one state of the tree (docs/sync.md, "Going back").
final class RewindScope {

    /// What is to be put back.
    ///
    /// @param sequence the entry after which it was so
    /// @param top      number of the node at or below which
    /// @param newest   what entries after this one have changed stays as it is
    /// @param own      but for these, which the rewind itself has written
    record Goal(long sequence, long top, long newest, Set<Long> own) {

        boolean leaves(long seq) {
            return seq > newest && !own.contains(seq);
        }
    }

    enum Wish {
        /// As it was.
        STATE,
        /// As it was, but where it is now: the top itself.
        CONTENT,
        /// As it is, but where it was: it has come from elsewhere in the vault.
        PLACE,
        TRASH,
        LEAVE
    }

    /// A node that was named since, as it is.
    ///
    /// @param trashed the entry that put it into the trash by itself, or -1
    record Present(Nodes.Node node, long trashed) {}

    private final Nodes nodes;
    private final Goal goal;
    private final PastTree past;
    private final boolean whole;
    private final long root;

    RewindScope(Tx tx, Vaults.Ref vault, Goal goal) {
        this.nodes = new Nodes(tx, vault);
        this.goal = goal;
        this.past = new PastTree(tx, vault, goal.sequence());
        this.root = vault.root();
        this.whole = goal.top() == root;
    }

    Nodes nodes() {
        return nodes;
    }

    PastTree past() {
        return past;
    }

    @Nullable Present present(long num) throws SQLException {
        Nodes.Node node = nodes.byNum(num);
        return node == null ? null : new Present(node, nodes.trashedSeq(num));
    }

    Wish wish(Present present, PastTree.@Nullable State then) throws SQLException {
        Nodes.Node node = present.node;
        if (goal.leaves(node.seq()) || goal.leaves(present.trashed)) {
            return Wish.LEAVE;
        }
        boolean wasLive = then != null && past.depthOf(then) >= 0;
        if (whole) {
            return wasLive ? Wish.STATE : Wish.TRASH;
        }
        if (node.num() == goal.top()) {
            return Wish.CONTENT;
        }
        if (wasLive && past.isAtOrBelow(node.num(), goal.top())) {
            return Wish.STATE;
        }
        return isInside(node) ? (wasLive ? Wish.PLACE : Wish.TRASH) : Wish.LEAVE;
    }

    /// Whether the nearest folder above a node that was there then belongs to the top. Where it was elsewhere, it takes along what
    /// is in it.
    private boolean isInside(Nodes.Node node) throws SQLException {
        for (Nodes.Node at = nodes.byNum(node.parent()); at != null && at.num() != root; at = nodes.byNum(at.parent())) {
            if (at.num() == goal.top()) {
                return true;
            }
            if (past.depth(at.num()) >= 0) {
                return past.isAtOrBelow(at.num(), goal.top());
            }
        }
        return false;
    }

    /// Whether a node lies in the top, or in something that was in the top then.
    boolean isWithinItself(long num) throws SQLException {
        Nodes.Node node = nodes.byNum(num);
        for (Nodes.Node at = node; at != null && at.num() != root; at = nodes.byNum(at.parent())) {
            boolean wasIn = past.depth(at.num()) >= 0 && past.isAtOrBelow(at.num(), goal.top());
            if (at.num() == goal.top() ? at.num() != num : wasIn) {
                return true;
            }
        }
        return false;
    }

    /// Whether the value that a node had, its place aside, is another now.
    boolean differs(Nodes.Node node, PastTree.State then) throws SQLException {
        return node.seq() != then.seq()
                && (node.mtimeNs() != then.mtimeNs()
                        || node.flags() != then.flags()
                        || node.size() != then.size()
                        || !java.util.Arrays.equals(nodes.content(node.num()), nodes.contentAt(node, then.seq())));
    }

    static boolean isElsewhere(Nodes.Node node, PastTree.State then) {
        return node.parent() != then.parent() || !node.name().equals(then.name());
    }
}
