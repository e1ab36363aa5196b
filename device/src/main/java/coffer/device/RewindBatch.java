package coffer.device;

import coffer.core.NodeId;
import coffer.seal.Content;
import coffer.seal.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The operations of one commit of a rewind, decided in one state of the tree and with those before it in mind. None of them is
/// void, whatever the order in which nodes changed places.
final class RewindBatch {

    private static final int OPERATIONS_MAX = 10_000;

    /// Of a body, by estimate; an entry holds 1 MiB.
    private static final long BYTES_MAX = 700 << 10;

    /// Where a node is after the operations so far.
    private record Spot(long parent, String name, boolean trashed) {}

    private record Name(long parent, String name) {}

    private final Tx tx;
    private final Vaults.Ref vault;
    private final RewindScope.Goal goal;
    private final RewindScope scope;
    private final boolean othersWrite;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<Long, Spot> spots = new HashMap<>();
    private final Map<Name, Long> taken = new HashMap<>();
    private long bytes;

    RewindBatch(Tx tx, Vaults.Ref vault, RewindScope.Goal goal) throws SQLException {
        this.tx = tx;
        this.vault = vault;
        this.goal = goal;
        this.scope = new RewindScope(tx, vault, goal);
        this.othersWrite = Upkeep.newestSequence(tx, vault) - goal.newest() > goal.own().size();
    }

    boolean isFull() {
        return operations.size() >= OPERATIONS_MAX || bytes >= BYTES_MAX;
    }

    List<Operation> operations() {
        return operations;
    }

    /// Adds what puts a node back. Folders have to be added before what was in them, and what goes to the trash last.
    void add(long num) throws SQLException {
        RewindScope.Present present = scope.present(num);
        PastTree.State then = scope.past().at(num);
        if (present == null) {
            return;
        }
        Nodes.Node node = present.node();
        switch (scope.wish(present, then)) {
            case LEAVE -> {}
            case TRASH -> remove(node);
            case PLACE -> {
                if (then != null && !putInto(node, then.parent(), then.name(), present(node))) {
                    remove(node);
                }
            }
            case CONTENT -> {
                if (then != null && !spot(node).trashed && scope.differs(node, then)) {
                    put(node, spot(node).parent, spot(node).name, value(node, then));
                }
            }
            case STATE -> {
                if (then != null) {
                    putBack(node, then);
                }
            }
        }
    }

    private void putBack(Nodes.Node node, PastTree.State then) throws SQLException {
        Spot spot = spot(node);
        boolean inPlace = !spot.trashed && spot.parent == then.parent() && spot.name.equals(then.name());
        if (!inPlace || scope.differs(node, then)) {
            putInto(node, then.parent(), then.name(), value(node, then));
        }
    }

    private record Value(long mtimeNs, int flags, Content content) {}

    private Value value(Nodes.Node node, PastTree.State then) throws SQLException {
        return new Value(
                then.mtimeNs(),
                then.flags(),
                StoredContent.decode(node.kind(), then.size(), scope.nodes().contentAt(node, then.seq())));
    }

    private Value present(Nodes.Node node) throws SQLException {
        return new Value(
                node.mtimeNs(),
                node.flags(),
                StoredContent.decode(node.kind(), node.size(), scope.nodes().content(node.num())));
    }

    /// False if the folder is not there any more, or lies in the node itself.
    private boolean putInto(Nodes.Node node, long parent, String name, Value value) throws SQLException {
        if (!isLive(parent, node.num())) {
            return false;
        }
        long holder = holder(parent, name);
        if (holder >= 0 && holder != node.num()) {
            displace(holder);
        }
        put(node, parent, name, value);
        return true;
    }

    /// Gets a node out of the way that does not belong there. If it may not be touched, the vault's rules name the other one.
    private void displace(long num) throws SQLException {
        RewindScope.Present present = scope.present(num);
        if (present == null) {
            return;
        }
        Nodes.Node node = present.node();
        switch (scope.wish(present, scope.past().at(num))) {
            case LEAVE, CONTENT -> {}
            case TRASH -> remove(node);
            case STATE, PLACE -> {
                Spot spot = spot(node);
                put(node, spot.parent, NodeNames.besidesSurely(spot.name, node.id()), present(node));
            }
        }
    }

    private void put(Nodes.Node node, long parent, String name, Value value) throws SQLException {
        Nodes.Node folder = scope.nodes().byNum(parent);
        if (folder == null) {
            return;
        }
        NodeId into = folder.id();
        boolean executable = (value.flags & StoredContent.EXECUTABLE) != 0;
        add(new Operation.Put(node.id(), into, name, value.mtimeNs, executable, value.content));
        move(node, new Spot(parent, name, false));
    }

    /// Moves to the trash, unless something lies in it that has to stay; then what may go goes by itself.
    private void remove(Nodes.Node node) throws SQLException {
        Spot spot = spot(node);
        if (!spot.trashed && isLive(spot.parent, -1) && !(node.isFolder() && othersWrite && holdsNewer(node.num()))) {
            add(new Operation.Remove(node.id()));
            move(node, new Spot(spot.parent, spot.name, true));
        }
    }

    private boolean holdsNewer(long num) throws SQLException {
        try (Tx.Rows rows = tx.query(
                "WITH RECURSIVE sub(num) AS (SELECT ? UNION ALL SELECT n.num FROM sub JOIN node n ON n.parent = sub.num"
                        + " AND n.trashed IS NULL) SELECT DISTINCT n.seq FROM sub JOIN node n ON n.num = sub.num WHERE n.seq > ?",
                num, goal.newest())) {
            while (rows.next()) {
                if (goal.leaves(rows.number(1))) {
                    return true;
                }
            }
            return false;
        }
    }

    private void add(Operation operation) {
        operations.add(operation);
        bytes += Committer.size(operation);
    }

    private void move(Nodes.Node node, Spot to) throws SQLException {
        Spot from = spot(node);
        taken.remove(new Name(from.parent, from.name), node.num());
        spots.put(node.num(), to);
        if (!to.trashed) {
            taken.put(new Name(to.parent, to.name), node.num());
        }
    }

    private Spot spot(Nodes.Node node) throws SQLException {
        Spot moved = spots.get(node.num());
        return moved != null
                ? moved
                : new Spot(node.parent(), node.name(), scope.nodes().trashedSeq(node.num()) >= 0);
    }

    private long holder(long parent, String name) throws SQLException {
        Long placed = taken.get(new Name(parent, name));
        if (placed != null) {
            return placed;
        }
        Nodes.Node child = scope.nodes().child(parent, name);
        return child == null || spots.containsKey(child.num()) ? -1 : child.num();
    }

    /// Whether a folder is there, and does not lie in `inside`.
    private boolean isLive(long num, long inside) throws SQLException {
        for (long at = num; at != vault.root(); ) {
            Nodes.@Nullable Node node = at == inside ? null : scope.nodes().byNum(at);
            if (node == null || spot(node).trashed) {
                return false;
            }
            at = spot(node).parent;
        }
        return true;
    }
}
