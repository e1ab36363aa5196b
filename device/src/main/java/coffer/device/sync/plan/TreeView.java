package coffer.device.sync.plan;

import coffer.core.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One tree, to be read. The top is in it without being a node.
public interface TreeView<N extends Node> {

    /// Deeper than any tree may be.
    int STEPS_MAX = 4_096;

    NodeId top();

    @Nullable N find(NodeId id);

    /// The item in that folder whose name has that key ([Names#key] in the local tree, the name itself in the remote one).
    @Nullable N child(NodeId folder, String key);

    Collection<NodeId> children(NodeId folder);

    default boolean isFolder(NodeId id) {
        if (id.equals(top())) {
            return true;
        }
        N node = find(id);
        return node != null && node.isFolder();
    }

    /// Whether `id` is `folder` or lies below it.
    default boolean isWithin(NodeId id, NodeId folder) {
        NodeId at = id;
        for (int steps = 0; steps < STEPS_MAX; steps++) {
            if (at.equals(folder)) {
                return true;
            }
            N node = find(at);
            if (node == null) {
                return false;
            }
            at = node.parent();
        }
        return true;
    }

    /// Names from the top down, or null where the chain of folders is broken.
    default @Nullable LocalPath path(NodeId id) {
        List<String> names = new ArrayList<>();
        for (NodeId at = id; !at.equals(top()); ) {
            N node = find(at);
            if (node == null || names.size() > STEPS_MAX) {
                return null;
            }
            names.addFirst(node.name());
            at = node.parent();
        }
        return new LocalPath(names);
    }

    default int depth(NodeId id) {
        int depth = 0;
        for (N node = find(id); node != null; node = find(node.parent())) {
            depth++;
        }
        return depth;
    }
}
