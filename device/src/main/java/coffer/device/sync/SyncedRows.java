package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What [SyncStore] holds, in memory, found by id, by place and by file id.
final class SyncedRows {

    private record Spot(NodeId folder, String key) {}

    private final UnaryOperator<String> key;
    private final Consumer<NodeId> onChange;
    private final Map<NodeId, SyncedNode> rows = new HashMap<>();
    private final Map<Spot, NodeId> places = new HashMap<>();
    private final Map<Long, List<NodeId>> files = new HashMap<>();
    private final Map<NodeId, List<NodeId>> below = new HashMap<>();

    /// @param onChange hears of every row that is put or removed
    SyncedRows(UnaryOperator<String> key, Consumer<NodeId> onChange) {
        this.key = key;
        this.onChange = onChange;
    }

    @Nullable SyncedNode find(NodeId id) {
        return rows.get(id);
    }

    @Nullable SyncedNode at(NodeId folder, String localName) {
        NodeId id = places.get(new Spot(folder, key.apply(localName)));
        return id == null ? null : rows.get(id);
    }

    List<NodeId> withFile(long fileId) {
        return files.getOrDefault(fileId, List.of());
    }

    /// Rows whose local item was in that folder.
    List<NodeId> in(NodeId folder) {
        return below.getOrDefault(folder, List.of());
    }

    Collection<NodeId> ids() {
        return List.copyOf(rows.keySet());
    }

    int size() {
        return rows.size();
    }

    void put(SyncedNode row) {
        remove(row.id());
        rows.put(row.id(), row);
        onChange.accept(row.id());
        places.put(spot(row), row.id());
        files(row).forEach(file -> add(files, file, row.id()));
        add(below, row.parent(), row.id());
    }

    void remove(NodeId id) {
        SyncedNode old = rows.remove(id);
        if (old != null) {
            onChange.accept(id);
            places.remove(spot(old), id);
            files(old).forEach(file -> drop(files, file, id));
            drop(below, old.parent(), id);
        }
    }

    /// Every file that the row's item was, or was about to be.
    private static Set<Long> files(SyncedNode row) {
        Set<Long> files = new LinkedHashSet<>(List.of(row.stamp().fileId()));
        if (row.sentStamp() != null) {
            files.add(row.sentStamp().fileId());
        }
        if (row.receivedFile() != 0) {
            files.add(row.receivedFile());
        }
        return files;
    }

    private Spot spot(SyncedNode row) {
        return new Spot(row.parent(), key.apply(row.localName()));
    }

    static <K> void add(Map<K, List<NodeId>> index, K at, NodeId id) {
        index.computeIfAbsent(at, none -> new ArrayList<>(1)).add(id);
    }

    static <K> void drop(Map<K, List<NodeId>> index, K at, NodeId id) {
        List<NodeId> ids = index.get(at);
        if (ids != null && ids.remove(id) && ids.isEmpty()) {
            index.remove(at);
        }
    }
}
