package coffer.device;

import coffer.core.NodeId;
import coffer.seal.Content;
import coffer.seal.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// The rules of docs/spec/tree.md once more, in the plainest way: every node in one map, nothing cached.
final class TreeModel {

    static final class Node {
        NodeId parent = Operation.ROOT;
        String name = "";
        Content content = new Content.Folder();
        boolean trashed;
        int states = 1;
    }

    final Map<NodeId, Node> nodes = new HashMap<>();

    void apply(Operation operation, boolean appendOnly) {
        switch (operation) {
            case Operation.Put put -> put(put, appendOnly);
            case Operation.Remove remove -> {
                if (!appendOnly && isLive(remove.node())) {
                    node(remove.node()).trashed = true;
                }
            }
            case Operation.Purge purge -> {
                if (!appendOnly && nodes.containsKey(purge.node()) && !isLive(purge.node())) {
                    nodes.keySet().removeAll(subtree(purge.node()));
                }
            }
        }
    }

    private void put(Operation.Put put, boolean appendOnly) {
        NodeId id = put.node();
        Node old = nodes.get(id);
        if (!isLiveFolder(put.parent()) || depth(put.parent()) + 1 > 256) {
            return;
        }
        if (old != null) {
            boolean otherKind = old.content.kind() != put.content().kind();
            boolean below = subtree(id).contains(put.parent());
            if (appendOnly || otherKind || below || depth(put.parent()) + 1 + height(id) > 256) {
                return;
            }
        }
        String name = put.name();
        if (isTaken(put.parent(), name, id)) {
            name = NodeNames.besides(put.name(), id);
        }
        if (isTaken(put.parent(), name, id)) {
            name = NodeNames.besidesSurely(put.name(), id);
        }
        if (isTaken(put.parent(), name, id)) {
            return;
        }
        Node node = new Node();
        node.parent = put.parent();
        node.name = name;
        node.content = put.content();
        node.states = old == null ? 1 : old.states + 1;
        nodes.put(id, node);
    }

    private boolean isTaken(NodeId parent, String name, NodeId except) {
        return nodes.entrySet().stream().anyMatch(entry -> !entry.getKey().equals(except)
                && !entry.getValue().trashed
                && entry.getValue().parent.equals(parent)
                && entry.getValue().name.equals(name));
    }

    private boolean isLiveFolder(NodeId id) {
        return id.equals(Operation.ROOT) || (isLive(id) && node(id).content instanceof Content.Folder);
    }

    private Node node(NodeId id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    boolean isLive(NodeId id) {
        for (NodeId at = id; !at.equals(Operation.ROOT); at = node(at).parent) {
            if (!nodes.containsKey(at) || node(at).trashed) {
                return false;
            }
        }
        return true;
    }

    private int depth(NodeId id) {
        int depth = 0;
        for (NodeId at = id; !at.equals(Operation.ROOT); at = node(at).parent) {
            depth++;
        }
        return depth;
    }

    private int height(NodeId id) {
        int height = 0;
        for (Map.Entry<NodeId, Node> entry : nodes.entrySet()) {
            Node child = entry.getValue();
            if (child.parent.equals(id) && !child.trashed) {
                height = Math.max(height, 1 + height(entry.getKey()));
            }
        }
        return height;
    }

    private List<NodeId> subtree(NodeId id) {
        List<NodeId> found = new ArrayList<>(List.of(id));
        nodes.forEach((child, node) -> {
            if (node.parent.equals(id)) {
                found.addAll(subtree(child));
            }
        });
        return found;
    }

    String path(NodeId id) {
        StringBuilder path = new StringBuilder();
        for (NodeId at = id; !at.equals(Operation.ROOT); at = node(at).parent) {
            path.insert(0, "/" + node(at).name);
        }
        return path.toString();
    }

    /// Path to what a listing says of each live node.
    Map<String, String> live() {
        Map<String, String> live = new TreeMap<>();
        nodes.forEach((id, node) -> {
            if (isLive(id)) {
                live.put(path(id), StoredContent.kind(node.content) + " " + StoredContent.size(node.content) + " " + id);
            }
        });
        return live;
    }
}
