package coffer.device.sync.plan;

import coffer.core.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A tree in memory, with an index of what is in each folder.
public final class MemoryTree<N extends Node> implements TreeView<N> {

    private final NodeId top;
    private final UnaryOperator<String> key;
    private final Consumer<NodeId> onChange;
    private final Map<NodeId, N> nodes = new HashMap<>();
    private final Map<NodeId, Map<String, NodeId>> children = new HashMap<>();

    /// @param key      what names must differ in to be in one folder
    /// @param onChange hears of every node that is put or removed
    public MemoryTree(NodeId top, UnaryOperator<String> key, Consumer<NodeId> onChange) {
        this.top = top;
        this.key = key;
        this.onChange = onChange;
    }

    @Override
    public NodeId top() {
        return top;
    }

    @Override
    public @Nullable N find(NodeId id) {
        return nodes.get(id);
    }

    @Override
    public @Nullable N child(NodeId folder, String name) {
        Map<String, NodeId> names = children.get(folder);
        NodeId id = names == null ? null : names.get(name);
        return id == null ? null : nodes.get(id);
    }

    @Override
    public Collection<NodeId> children(NodeId folder) {
        Map<String, NodeId> names = children.get(folder);
        return names == null ? List.of() : names.values();
    }

    public int size() {
        return nodes.size();
    }

    public Collection<N> all() {
        return nodes.values();
    }

    public void clear() {
        nodes.keySet().forEach(onChange);
        nodes.clear();
        children.clear();
    }

    public void put(N node) {
        onChange.accept(node.id());
        N old = nodes.put(node.id(), node);
        if (old != null) {
            unlink(old);
        }
        children.computeIfAbsent(node.parent(), parent -> new HashMap<>()).put(key.apply(node.name()), node.id());
    }

    /// Takes one node out; what is below it stays, unreachable, until it is put elsewhere or taken out too.
    public void remove(NodeId id) {
        N old = nodes.remove(id);
        if (old != null) {
            onChange.accept(id);
            unlink(old);
        }
    }

    private void unlink(N old) {
        Map<String, NodeId> names = children.get(old.parent());
        if (names != null) {
            names.remove(key.apply(old.name()), old.id());
            if (names.isEmpty()) {
                children.remove(old.parent());
            }
        }
    }

    /// The node and all below it, a folder before what is in it.
    public List<NodeId> subtree(NodeId id) {
        List<NodeId> found = new ArrayList<>(List.of(id));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(children(found.get(i)));
        }
        return found;
    }
}
