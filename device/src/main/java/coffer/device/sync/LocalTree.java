package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.MemoryTree;
import coffer.device.sync.plan.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The local folder as last seen, its items under the ids of their nodes, found by file id too.
final class LocalTree {

    final MemoryTree<LocalNode> tree;
    private final Names names;
    private final Map<Long, List<NodeId>> files = new HashMap<>();
    private final Set<Long> folders = ConcurrentHashMap.newKeySet();

    /// @param onChange hears of every item that is put or removed
    LocalTree(NodeId top, Names names, Consumer<NodeId> onChange) {
        this.names = names;
        this.tree = new MemoryTree<>(top, names::key, onChange);
    }

    @Nullable LocalNode find(NodeId id) {
        return tree.find(id);
    }

    @Nullable LocalNode child(NodeId folder, String name) {
        return tree.child(folder, names.key(name));
    }

    List<NodeId> withFile(long fileId) {
        return files.getOrDefault(fileId, List.of());
    }

    /// What names must differ in to be in one folder of this disk.
    String key(String name) {
        return names.key(name);
    }

    /// Whether a folder of that file id is in the tree. Safe for all threads.
    boolean knowsFolder(long fileId) {
        return folders.contains(fileId);
    }

    void put(LocalNode node) {
        unlink(node.id());
        LocalNode there = child(node.parent(), node.name());
        if (there != null && !there.id().equals(node.id())) {
            remove(there.id());
        }
        tree.put(node);
        SyncedRows.add(files, node.stamp().fileId(), node.id());
        if (node.isFolder()) {
            folders.add(node.stamp().fileId());
        }
    }

    void remove(NodeId id) {
        unlink(id);
        tree.remove(id);
    }

    private void unlink(NodeId id) {
        LocalNode old = tree.find(id);
        if (old != null) {
            SyncedRows.drop(files, old.stamp().fileId(), id);
            if (old.isFolder()) {
                folders.remove(old.stamp().fileId());
            }
        }
    }

    /// Gives an item another id; what is in it follows. Returns what is in it.
    List<NodeId> rename(NodeId from, NodeId to) {
        LocalNode node = tree.find(from);
        if (node == null) {
            return List.of();
        }
        List<NodeId> children = new ArrayList<>(tree.children(from));
        remove(from);
        put(new LocalNode(to, node.parent(), node.name(), node.kind(), node.stamp(), node.executable(), node.content()));
        for (NodeId child : children) {
            LocalNode one = tree.find(child);
            if (one != null) {
                put(new LocalNode(child, to, one.name(), one.kind(), one.stamp(), one.executable(), one.content()));
            }
        }
        return children;
    }

    /// The nearest known folder on the way to a path, with how many names lead to it.
    Nearest nearest(LocalPath path) {
        NodeId at = tree.top();
        int depth = 0;
        while (depth < path.names().size()) {
            LocalNode next = child(at, path.names().get(depth));
            if (next == null || !next.isFolder()) {
                break;
            }
            at = next.id();
            depth++;
        }
        return new Nearest(at, depth);
    }

    record Nearest(NodeId folder, int depth) {}
}
