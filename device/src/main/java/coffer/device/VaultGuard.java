package coffer.device;

import coffer.core.NodeId;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.Kind;
import coffer.seal.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says which changes of a batch still fit the newest state of the tree, with those before them done, and turns them into
/// operations. Changes nothing itself; lives for one state.
final class VaultGuard {

    private final Tx tx;
    private final Vaults.Ref vault;
    private final Nodes nodes;
    private final @Nullable Set<NodeId> others;
    private final Set<NodeId> refused;
    private final Map<NodeId, Change> done = new HashMap<>();
    private final Map<Place, NodeId> taken = new HashMap<>();

    private record Place(NodeId parent, String name) {}

    /// @param others  nodes that somebody else has changed since the batch was planned; null if that is not known
    /// @param refused nodes of earlier groups of the batch that did not apply; those of later ones are added
    VaultGuard(Tx tx, Vaults.Ref vault, @Nullable Set<NodeId> others, Set<NodeId> refused) {
        this.tx = tx;
        this.vault = vault;
        this.nodes = new Nodes(tx, vault);
        this.others = others;
        this.refused = refused;
    }

    /// The operations of a group; empty if one of its changes does not apply, and then none has, and all are refused.
    List<Operation> apply(List<Change> group) throws SQLException {
        List<Operation> operations = new ArrayList<>();
        Map<NodeId, Change> before = new HashMap<>();
        for (Change change : group) {
            if (!applies(change)) {
                operations.clear();
                undo(group, before);
                group.forEach(one -> refused.add(one.node()));
                return operations;
            }
            before.putIfAbsent(change.node(), done.get(change.node()));
            set(change);
            operations.add(operation(change));
        }
        return operations;
    }

    private void set(Change change) {
        Change old = done.put(change.node(), change);
        if (old instanceof Change.Put put) {
            taken.remove(new Place(put.parent(), put.name()), put.node());
        }
        if (change instanceof Change.Put put) {
            taken.put(new Place(put.parent(), put.name()), put.node());
        }
    }

    private void undo(List<Change> group, Map<NodeId, Change> before) {
        for (Change change : group) {
            if (before.containsKey(change.node())) {
                Change now = done.remove(change.node());
                if (now instanceof Change.Put put) {
                    taken.remove(new Place(put.parent(), put.name()), put.node());
                }
            }
        }
        before.values().stream().filter(Objects::nonNull).forEach(this::set);
    }

    private static Operation operation(Change change) {
        return switch (change) {
            case Change.Remove remove -> new Operation.Remove(remove.node());
            case Change.Put put -> new Operation.Put(
                    put.node(),
                    put.parent(),
                    put.name(),
                    put.mtimeNs(),
                    put.executable(),
                    ContentIds.content(nodeKind(put.kind()), put.content()));
        };
    }

    private static Device.NodeKind nodeKind(Kind kind) {
        return switch (kind) {
            case FILE -> Device.NodeKind.FILE;
            case FOLDER -> Device.NodeKind.FOLDER;
            case SYMLINK -> Device.NodeKind.SYMLINK;
        };
    }

    private boolean applies(Change change) throws SQLException {
        return switch (change) {
            case Change.Put put -> applies(put);
            case Change.Remove remove -> applies(remove);
        };
    }

    private boolean applies(Change.Put put) throws SQLException {
        Nodes.Node node = nodes.byId(put.node());
        boolean known = put.expectedVersion() == 0
                ? node == null
                : node != null && node.seq() == put.expectedVersion() && isLive(put.node());
        return known
                && isLiveFolder(put.parent())
                && !isTaken(put.parent(), put.name(), put.node())
                && !isWithin(put.parent(), put.node());
    }

    private boolean isLiveFolder(NodeId id) throws SQLException {
        return isFolder(id) && isLive(id);
    }

    private boolean isFolder(NodeId id) throws SQLException {
        if (done.get(id) instanceof Change.Put put) {
            return put.kind() == Kind.FOLDER;
        }
        Nodes.Node node = nodes.byId(id);
        return node != null && node.isFolder();
    }

    private boolean isLive(NodeId id) throws SQLException {
        for (NodeId at = id; !at.equals(Vaults.ROOT); ) {
            NodeId parent = parent(at);
            if (parent == null) {
                return false;
            }
            at = parent;
        }
        return true;
    }

    /// The folder that a node lies in now; null if it is in the trash itself, or unknown.
    private @Nullable NodeId parent(NodeId id) throws SQLException {
        return switch (done.get(id)) {
            case Change.Put put -> put.parent();
            case Change.Remove _ -> null;
            case null -> storedParent(id);
        };
    }

    private @Nullable NodeId storedParent(NodeId id) throws SQLException {
        byte[] parent = tx.blob(
                "SELECT p.id FROM node n JOIN node p ON p.num = n.parent WHERE n.id = ? AND n.vault = ? AND n.trashed IS NULL",
                id.toArray(), vault.num());
        return parent == null ? null : NodeId.of(parent);
    }

    private boolean isTaken(NodeId parent, String name, NodeId self) throws SQLException {
        NodeId holder = taken.get(new Place(parent, name));
        if (holder != null) {
            return !holder.equals(self);
        }
        Nodes.Node folder = nodes.byId(parent);
        Nodes.Node there = folder == null ? null : nodes.child(folder.num(), name);
        return there != null && !there.id().equals(self) && !done.containsKey(there.id());
    }

    private boolean isWithin(NodeId id, NodeId folder) throws SQLException {
        for (NodeId at = id; at != null && !at.equals(Vaults.ROOT); at = parent(at)) {
            if (at.equals(folder)) {
                return true;
            }
        }
        return false;
    }

    private boolean applies(Change.Remove remove) throws SQLException {
        if (others == null || !isLive(remove.node())) {
            return false;
        }
        for (NodeId other : others) {
            if (isOrWasBelow(other, remove.node())) {
                return false;
            }
        }
        // What was to leave the folder first, and did not, would go with it.
        for (NodeId stayed : refused) {
            if (isWithin(stayed, remove.node())) {
                return false;
            }
        }
        return true;
    }

    /// Looks at every folder that the node has been in, be it in the trash: too many is safe.
    private boolean isOrWasBelow(NodeId id, NodeId folder) throws SQLException {
        Nodes.Node node = nodes.byId(id);
        if (node == null || node.id().equals(folder) || reaches(node.num(), folder)) {
            return true;
        }
        for (Nodes.PastState past : nodes.history(node)) {
            if (reaches(past.parent(), folder)) {
                return true;
            }
        }
        return false;
    }

    private boolean reaches(long num, NodeId folder) throws SQLException {
        for (Nodes.Node at = nodes.byNum(num); at != null; at = nodes.byNum(at.parent())) {
            if (at.id().equals(folder)) {
                return true;
            }
        }
        return false;
    }
}
