package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Remembers every state it had, so that a crash can cost the last few writes.
final class SimStore implements SyncStore {

    private final List<Map<NodeId, SyncedNode>> states = new ArrayList<>(List.of(Map.of()));
    final List<Conflict> conflicts = new ArrayList<>();
    private Set<NodeId> leftOut = Set.of();
    Hook beforeWrite = () -> {};
    Runnable afterWrite = () -> {};

    @FunctionalInterface
    interface Hook {
        void run() throws CofferException;
    }

    @Override
    public List<SyncedNode> load() {
        return List.copyOf(states.getLast().values());
    }

    Map<NodeId, SyncedNode> rows() {
        return states.getLast();
    }

    @Override
    public void write(Write write) throws CofferException {
        beforeWrite.run();
        Map<NodeId, SyncedNode> next = new LinkedHashMap<>(states.getLast());
        write.forgotten().forEach(next::remove);
        write.put().forEach(row -> next.put(row.id(), row));
        conflicts.addAll(write.conflicts());
        states.add(next);
        if (states.size() > 8) {
            states.removeFirst();
        }
        afterWrite.run();
    }

    /// Whether there is an item of that path among the rows.
    boolean remembers(LocalPath path, NodeId top) {
        NodeId at = top;
        for (String name : path.names()) {
            NodeId folder = at;
            SyncedNode row = rows().values().stream()
                    .filter(one -> one.parent().equals(folder) && one.localName().equals(name))
                    .findFirst()
                    .orElse(null);
            if (row == null) {
                return false;
            }
            at = row.id();
        }
        return true;
    }

    boolean remembers(long fileId) {
        return rows().values().stream().anyMatch(row -> row.stamp().fileId() == fileId);
    }

    void loseLast(int writes) {
        for (int i = 0; i < writes && states.size() > 1; i++) {
            states.removeLast();
        }
    }

    @Override
    public Set<NodeId> leftOut() {
        return leftOut;
    }

    /// No backup is older than this: that what is left out then passes for removed is a known limit (docs/sync.md).
    @Override
    public void leaveOut(Set<NodeId> folders, List<SyncedNode> put) throws CofferException {
        beforeWrite.run();
        Map<NodeId, SyncedNode> next = new LinkedHashMap<>(states.getLast());
        put.forEach(row -> next.put(row.id(), row));
        states.clear();
        states.add(next);
        leftOut = Set.copyOf(folders);
        afterWrite.run();
    }

    @Override
    public List<Conflict> conflicts() {
        return List.copyOf(conflicts);
    }
}
