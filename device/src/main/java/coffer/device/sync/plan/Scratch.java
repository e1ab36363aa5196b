package coffer.device.sync.plan;

import coffer.core.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A tree as it will be after the steps planned so far; costs memory for what differs alone.
final class Scratch<N extends Node> implements TreeView<N> {

    private final TreeView<N> base;
    private final UnaryOperator<String> key;
    private final Map<NodeId, Optional<N>> changed = new HashMap<>();
    private final Map<NodeId, Map<String, Optional<NodeId>>> names = new HashMap<>();

    Scratch(TreeView<N> base, UnaryOperator<String> key) {
        this.base = base;
        this.key = key;
    }

    @Override
    public NodeId top() {
        return base.top();
    }

    @Override
    public @Nullable N find(NodeId id) {
        Optional<N> own = changed.get(id);
        return own == null ? base.find(id) : own.orElse(null);
    }

    @Override
    public @Nullable N child(NodeId folder, String name) {
        Map<String, Optional<NodeId>> own = names.get(folder);
        Optional<NodeId> known = own == null ? null : own.get(name);
        return known == null ? base.child(folder, name) : known.isPresent() ? find(known.get()) : null;
    }

    @Override
    public Collection<NodeId> children(NodeId folder) {
        List<NodeId> found = new ArrayList<>();
        for (NodeId id : base.children(folder)) {
            N node = find(id);
            if (node != null && node.parent().equals(folder)) {
                found.add(id);
            }
        }
        names.getOrDefault(folder, Map.of()).values().forEach(id -> id.filter(one -> !found.contains(one)).ifPresent(found::add));
        return found;
    }

    /// Something that is still in the folder, or null.
    @Nullable N anyChild(NodeId folder) {
        for (Optional<NodeId> id : names.getOrDefault(folder, Map.of()).values()) {
            if (id.isPresent()) {
                return find(id.get());
            }
        }
        for (NodeId id : base.children(folder)) {
            N node = find(id);
            if (node != null && node.parent().equals(folder)) {
                return node;
            }
        }
        return null;
    }

    void put(N node) {
        remove(node.id());
        changed.put(node.id(), Optional.of(node));
        names.computeIfAbsent(node.parent(), parent -> new HashMap<>()).put(key.apply(node.name()), Optional.of(node.id()));
    }

    void remove(NodeId id) {
        N old = find(id);
        if (old != null) {
            names.computeIfAbsent(old.parent(), parent -> new HashMap<>()).put(key.apply(old.name()), Optional.empty());
            changed.put(id, Optional.empty());
        }
    }
}
