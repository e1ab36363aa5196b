package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.RemoteNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A vault ordered by a log, in memory, with the rules of docs/spec/tree.md as far as guarded changes can meet them.
final class SimVault {

    record Held(RemoteNode node, boolean trashed) {}

    final NodeId top;
    final Map<NodeId, Held> nodes = new HashMap<>();
    final Set<ContentId> stored = new HashSet<>();
    final List<Map<NodeId, RemoteNode>> states = new ArrayList<>();

    SimVault(NodeId top) {
        this.top = top;
        states.add(Map.of());
    }

    long position() {
        return states.size() - 1L;
    }

    Map<NodeId, RemoteNode> live() {
        return states.getLast();
    }

    private boolean isLive(NodeId id, Map<NodeId, Held> in) {
        for (NodeId at = id; !at.equals(top); ) {
            Held held = in.get(at);
            if (held == null || held.trashed) {
                return false;
            }
            at = held.node.parent();
        }
        return true;
    }

    /// @param refused nodes whose changes have been left out of the batch; those of changes that do not apply are added
    void append(RemoteVault.Batch batch, List<NodeId> refused) {
        long sequence = states.size();
        Map<NodeId, RemoteNode> before = live();
        Map<NodeId, RemoteNode> planned = states.get((int) batch.position());
        boolean any = false;
        for (List<Change> group : batch.groups()) {
            Map<NodeId, Held> trial = new HashMap<>(nodes);
            boolean fits = true;
            for (Change change : group) {
                fits = fits && apply(change, trial, sequence, before, planned) && !takesAlong(change, trial, refused);
            }
            if (fits) {
                nodes.clear();
                nodes.putAll(trial);
                any = true;
            } else {
                group.forEach(change -> refused.add(change.node()));
            }
        }
        if (any) {
            Map<NodeId, RemoteNode> now = new HashMap<>();
            nodes.forEach((id, held) -> {
                if (isLive(id, nodes)) {
                    now.put(id, held.node);
                }
            });
            states.add(now);
        }
    }

    private boolean apply(
            Change change, Map<NodeId, Held> in, long sequence, Map<NodeId, RemoteNode> before, Map<NodeId, RemoteNode> planned) {
        return switch (change) {
            case Change.Remove remove -> remove(remove.node(), in, before, planned);
            case Change.Put put -> put(put, in, sequence);
        };
    }

    private boolean remove(
            NodeId id, Map<NodeId, Held> in, Map<NodeId, RemoteNode> before, Map<NodeId, RemoteNode> planned) {
        Held held = in.get(id);
        if (held == null || !isLive(id, in) || !below(id, before).equals(below(id, planned))) {
            return false;
        }
        in.put(id, new Held(held.node, true));
        return true;
    }

    /// Whether a removal would take along what was to leave the folder first, and did not.
    private boolean takesAlong(Change change, Map<NodeId, Held> in, List<NodeId> refused) {
        return change instanceof Change.Remove
                && refused.stream().anyMatch(id -> in.containsKey(id) && isWithin(id, change.node(), in));
    }

    private Map<NodeId, RemoteNode> below(NodeId id, Map<NodeId, RemoteNode> state) {
        Map<NodeId, RemoteNode> found = new HashMap<>();
        state.forEach((one, node) -> {
            for (NodeId at = one; !at.equals(top); ) {
                if (at.equals(id)) {
                    found.put(one, node);
                    break;
                }
                RemoteNode up = state.get(at);
                if (up == null) {
                    break;
                }
                at = up.parent();
            }
        });
        return found;
    }

    private boolean put(Change.Put put, Map<NodeId, Held> in, long sequence) {
        Held old = in.get(put.node());
        long version = old == null ? 0 : old.node.version();
        Held parent = in.get(put.parent());
        boolean folder = put.parent().equals(top)
                || (parent != null && parent.node.kind() == Kind.FOLDER && isLive(put.parent(), in));
        boolean known = old == null || (old.node.kind() == put.kind() && isLive(put.node(), in));
        // Changes of the same batch have its sequence and are no one else's.
        boolean expected = version == put.expectedVersion() || version == sequence;
        if (!folder || !known || !expected || isWithin(put.parent(), put.node(), in)) {
            return false;
        }
        for (Held other : in.values()) {
            if (!other.trashed
                    && !other.node.id().equals(put.node())
                    && other.node.parent().equals(put.parent())
                    && other.node.name().equals(put.name())) {
                return false;
            }
        }
        if (put.kind() == Kind.FILE && !stored.contains(put.content())) {
            throw new AssertionError("a change names content that was never stored");
        }
        long size = put.kind() == Kind.FILE ? SimDisk.content(put.content()).length() : 0;
        in.put(put.node(), new Held(
                new RemoteNode(
                        put.node(), put.parent(), put.name(), put.kind(), put.content(), size, put.executable(), put.mtimeNs(),
                        sequence),
                false));
        return true;
    }

    private boolean isWithin(NodeId id, NodeId folder, Map<NodeId, Held> in) {
        for (NodeId at = id; !at.equals(top); ) {
            if (at.equals(folder)) {
                return true;
            }
            Held held = in.get(at);
            if (held == null) {
                return false;
            }
            at = held.node.parent();
        }
        return false;
    }

    RemoteVault.Changes changes(long since, boolean whole) {
        Map<NodeId, RemoteNode> now = live();
        Map<NodeId, RemoteNode> then = whole || since < 0 ? Map.of() : states.get((int) since);
        List<RemoteNode> present = new ArrayList<>(now.values());
        present.removeIf(node -> node.equals(then.get(node.id())));
        present.sort(Comparator.<RemoteNode>comparingInt(node -> depth(node, now)).thenComparing(RemoteNode::id));
        List<NodeId> gone = then.keySet().stream().filter(id -> !now.containsKey(id)).sorted().toList();
        return new RemoteVault.Changes(whole || since < 0, present, gone, position());
    }

    private static int depth(RemoteNode node, Map<NodeId, RemoteNode> in) {
        int depth = 0;
        for (@Nullable RemoteNode at = node; at != null; at = in.get(at.parent())) {
            depth++;
        }
        return depth;
    }
}
