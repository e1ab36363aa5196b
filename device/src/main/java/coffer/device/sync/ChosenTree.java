package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.RemoteVault.Changes;
import coffer.device.sync.plan.MemoryTree;
import coffer.device.sync.plan.RemoteNode;
import coffer.device.sync.plan.TreeView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What of the vault's folder is chosen here: all but the folders that are left out, with what is in them (docs/sync.md,
/// "Choosing subfolders").
final class ChosenTree implements TreeView<RemoteNode> {

    private final MemoryTree<RemoteNode> whole;
    private final Consumer<NodeId> onChange;
    private Set<NodeId> leftOut;
    private final Set<NodeId> hidden = new HashSet<>();

    /// @param onChange hears of every node that comes to be hidden or to be shown
    ChosenTree(MemoryTree<RemoteNode> whole, Set<NodeId> leftOut, Consumer<NodeId> onChange) {
        this.whole = whole;
        this.leftOut = Set.copyOf(leftOut);
        this.onChange = onChange;
    }

    @Override
    public NodeId top() {
        return whole.top();
    }

    @Override
    public @Nullable RemoteNode find(NodeId id) {
        return hidden.contains(id) ? null : whole.find(id);
    }

    @Override
    public @Nullable RemoteNode child(NodeId folder, String name) {
        RemoteNode node = whole.child(folder, name);
        return node == null || hidden.contains(node.id()) ? null : node;
    }

    @Override
    public Collection<NodeId> children(NodeId folder) {
        Collection<NodeId> all = whole.children(folder);
        return all.stream().noneMatch(hidden::contains)
                ? all
                : all.stream().filter(id -> !hidden.contains(id)).toList();
    }

    Set<NodeId> leftOut() {
        return leftOut;
    }

    void leaveOut(Set<NodeId> folders) {
        Set<NodeId> changed = new HashSet<>(leftOut);
        changed.addAll(folders);
        leftOut = Set.copyOf(folders);
        changed.forEach(this::settle);
    }

    /// Follows changes that the whole tree has gone through. Returns what has come to be hidden.
    List<NodeId> apply(Changes changes) {
        if (changes.whole()) {
            hidden.clear();
        } else if (!changes.gone().isEmpty()) {
            hidden.removeIf(id -> whole.find(id) == null);
        }
        List<NodeId> found = new ArrayList<>();
        changes.present().forEach(node -> found.addAll(settle(node.id())));
        return found;
    }

    /// Hides or shows a node with what is below it, as far as that is not so already.
    private List<NodeId> settle(NodeId start) {
        List<NodeId> found = new ArrayList<>();
        ArrayDeque<NodeId> open = new ArrayDeque<>(List.of(start));
        for (NodeId id = open.poll(); id != null; id = open.poll()) {
            RemoteNode node = whole.find(id);
            boolean hide = node != null && (leftOut.contains(id) || hidden.contains(node.parent()));
            if (hide ? hidden.add(id) : hidden.remove(id)) {
                onChange.accept(id);
                open.addAll(whole.children(id));
                if (hide) {
                    found.add(id);
                }
            }
        }
        return Collections.unmodifiableList(found);
    }
}
