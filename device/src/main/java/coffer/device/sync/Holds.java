package coffer.device.sync;

import coffer.core.NodeId;
import java.util.HashMap;
import java.util.Map;

/// Nodes that are left alone for a while, longer each time. Times are [SyncTime#elapsedMs].
final class Holds {

    private record Hold(long untilMs, long lengthMs, boolean over) {}

    private final Map<NodeId, Hold> holds = new HashMap<>();
    private final long firstMs;
    private final long lengthMsMax;

    Holds(long firstMs, long lengthMsMax) {
        this.firstMs = firstMs;
        this.lengthMsMax = lengthMsMax;
    }

    /// Holds a node once more: twice as long as last time.
    void add(NodeId id, long nowMs) {
        Hold last = holds.get(id);
        long length = last == null ? firstMs : Math.min(lengthMsMax, last.lengthMs * 2);
        holds.put(id, new Hold(nowMs + length, length, false));
    }

    void addFor(NodeId id, long nowMs, long lengthMs) {
        holds.put(id, new Hold(nowMs + lengthMs, lengthMs, false));
    }

    void forget(NodeId id) {
        holds.remove(id);
    }

    void clear() {
        holds.clear();
    }

    void move(NodeId from, NodeId to) {
        Hold hold = holds.remove(from);
        if (hold != null) {
            holds.put(to, hold);
        }
    }

    boolean has(NodeId id) {
        Hold hold = holds.get(id);
        return hold != null && !hold.over;
    }

    /// Ends what is over; whether anything ended. How long it was is remembered until it is forgotten.
    boolean expire(long nowMs) {
        boolean any = false;
        for (Map.Entry<NodeId, Hold> entry : holds.entrySet()) {
            Hold hold = entry.getValue();
            if (!hold.over && hold.untilMs <= nowMs) {
                entry.setValue(new Hold(hold.untilMs, hold.lengthMs, true));
                any = true;
            }
        }
        holds.values().removeIf(hold -> hold.over && hold.untilMs + 4 * hold.lengthMs < nowMs);
        return any;
    }

    /// When the next hold ends; [Long#MAX_VALUE] if there is none.
    long nextMs() {
        long next = Long.MAX_VALUE;
        for (Hold hold : holds.values()) {
            next = hold.over ? next : Math.min(next, hold.untilMs);
        }
        return next;
    }
}
