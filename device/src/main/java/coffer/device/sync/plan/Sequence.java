package coffer.device.sync.plan;

import coffer.core.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds an order for changes of one tree that stand in each other's way. At most one change for a node.
///
/// Each change is tried as soon as what blocked it has happened, so the work is proportional to the changes. Where they
/// block each other in a circle, one that moves steps aside to a name of its own first.
abstract class Sequence {

    enum Kind {
        REMOVE,
        MOVE,
        CREATE
    }

    record Op(NodeId node, Kind kind) {}

    /// What became of a try.
    sealed interface Tried {
        record Done() implements Tried {}

        /// Not in this plan.
        record Not() implements Tried {}

        /// Not before the change of that node.
        record After(NodeId node) implements Tried {}
    }

    static final Tried DONE = new Tried.Done();
    static final Tried NOT = new Tried.Not();

    private final Map<NodeId, Op> pending = new LinkedHashMap<>();
    private final Map<NodeId, List<Op>> waiters = new HashMap<>();
    private final Map<NodeId, NodeId> blocked = new LinkedHashMap<>();
    private final ArrayDeque<Op> queue = new ArrayDeque<>();

    final boolean isPending(NodeId id) {
        return pending.containsKey(id);
    }

    final @Nullable Kind pendingKind(NodeId id) {
        Op op = pending.get(id);
        return op == null ? null : op.kind();
    }

    /// Whether the node will leave the place it is in.
    final boolean isLeaving(NodeId id) {
        Kind kind = pendingKind(id);
        return kind == Kind.MOVE || kind == Kind.REMOVE;
    }

    /// Tries the changes in this order, as far as nothing blocks them.
    final void run(List<Op> ops) {
        ops.forEach(op -> pending.put(op.node(), op));
        queue.addAll(ops);
        do {
            drain();
        } while (breakCircle());
    }

    private void drain() {
        for (Op op = queue.poll(); op != null; op = queue.poll()) {
            if (!op.equals(pending.get(op.node()))) {
                continue;
            }
            Tried tried = attempt(op);
            if (tried instanceof Tried.After after && isPending(after.node()) && !after.node().equals(op.node())) {
                blocked.put(op.node(), after.node());
                waiters.computeIfAbsent(after.node(), node -> new ArrayList<>()).add(op);
            } else {
                if (!(tried instanceof Tried.Done)) {
                    given(op);
                }
                settle(op.node());
            }
        }
    }

    private void settle(NodeId node) {
        pending.remove(node);
        blocked.remove(node);
        release(node);
    }

    private void release(NodeId node) {
        List<Op> free = waiters.remove(node);
        if (free != null) {
            free.forEach(op -> blocked.remove(op.node()));
            queue.addAll(free);
        }
    }

    /// Everything that is left is blocked by something that is left: there is a circle.
    private boolean breakCircle() {
        if (blocked.isEmpty()) {
            return false;
        }
        NodeId at = blocked.keySet().iterator().next();
        Set<NodeId> seen = new HashSet<>();
        while (seen.add(at)) {
            at = blockerOf(at);
        }
        List<NodeId> circle = new ArrayList<>(List.of(at));
        for (NodeId next = blockerOf(at); !next.equals(at); next = blockerOf(next)) {
            circle.add(next);
        }
        circle.sort(null);
        for (NodeId node : circle) {
            if (pendingKind(node) == Kind.MOVE && stepAside(node)) {
                release(node);
                return true;
            }
        }
        NodeId node = circle.getFirst();
        Op op = pending.get(node);
        if (op != null) {
            given(op);
        }
        settle(node);
        return true;
    }

    private NodeId blockerOf(NodeId node) {
        NodeId blocker = blocked.get(node);
        if (blocker == null) {
            throw new IllegalStateException("a change that is left is blocked");
        }
        return blocker;
    }

    abstract Tried attempt(Op op);

    /// Moves the node to a name of its own in the top folder; false if that has been done before.
    abstract boolean stepAside(NodeId node);

    /// The change is not part of this plan.
    abstract void given(Op op);
}
