package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.RemoteVault.Changes;
import coffer.device.sync.plan.Base;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.MemoryTree;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.Note;
import coffer.device.sync.plan.RemoteNode;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The three trees of a synced folder, and which nodes are not the same in all of them. For the control thread.
final class Trees {

    final MemoryTree<RemoteNode> remote;
    final LocalTree local;
    final SyncedRows rows;
    final Set<NodeId> dirty = new HashSet<>();

    /// Whether an item was found in the place of another, of which nobody knows now where it is: before anything is planned,
    /// everything has to be looked at.
    boolean lostSight;
    private final SyncStore store;
    private final Supplier<NodeId> ids;

    Trees(NodeId top, Names names, SyncStore store, Supplier<NodeId> ids) throws CofferException {
        this.remote = new MemoryTree<>(top, name -> name);
        this.local = new LocalTree(top, names);
        this.rows = new SyncedRows(names::key);
        this.store = store;
        this.ids = ids;
        for (SyncedNode row : store.load()) {
            rows.put(row);
            dirty.add(row.id());
        }
    }

    void apply(Changes changes) {
        if (changes.whole()) {
            remote.all().forEach(node -> dirty.add(node.id()));
            remote.clear();
        }
        for (NodeId gone : changes.gone()) {
            for (NodeId id : remote.subtree(gone)) {
                remote.remove(id);
                dirty.add(id);
            }
        }
        for (RemoteNode node : changes.present()) {
            remote.remove(node.id());
        }
        for (RemoteNode node : changes.present()) {
            remote.put(node);
            dirty.add(node.id());
        }
    }

    void apply(Matcher.Result seen) {
        for (NodeId id : seen.gone()) {
            local.remove(id);
            dirty.add(id);
        }
        seen.put().forEach(node -> local.remove(node.id()));
        for (LocalNode node : seen.put()) {
            put(node);
        }
    }

    void put(LocalNode node) {
        LocalNode there = local.child(node.parent(), node.name());
        if (there != null && !there.id().equals(node.id())) {
            removeHere(there.id());
            lostSight = true;
        }
        local.put(node);
        dirty.add(node.id());
    }

    /// The item is gone, with what is in it.
    void removeHere(NodeId id) {
        for (NodeId below : local.tree.subtree(id)) {
            local.remove(below);
            dirty.add(below);
        }
    }

    /// Drops items whose folder is gone: after a look at everything there are none but through changes meanwhile.
    void dropLost() {
        List<NodeId> lost = local.tree.all().stream().map(LocalNode::id).filter(id -> path(id) == null).toList();
        for (NodeId id : lost) {
            local.remove(id);
            dirty.add(id);
        }
    }

    /// Takes what is in a folder that cannot be read for what it was when both sides last agreed.
    void assume(NodeId folder) {
        for (NodeId id : List.copyOf(rows.in(folder))) {
            SyncedNode row = rows.find(id);
            if (row != null && row.base() != null && local.find(id) == null && local.child(folder, row.localName()) == null) {
                Base base = row.base();
                put(new LocalNode(id, folder, row.localName(), row.kind(), row.stamp(), base.executable(), base.content()));
                assume(id);
            }
        }
    }

    /// Writes what is understood to the store and then to the trees: a crash between the two loses nothing.
    void apply(List<Note> notes, long nowMs) throws CofferException {
        Map<NodeId, Optional<SyncedNode>> changed = new LinkedHashMap<>();
        List<SyncStore.Conflict> conflicts = new ArrayList<>();
        for (Note note : notes) {
            switch (note) {
                case Note.Agree agree -> set(changed, agree.row());
                case Note.Forget forget -> drop(changed, forget.node());
                case Note.Renew renew -> {
                    NodeId fresh = renew(changed, renew.node());
                    if (renew.conflictWith() != null) {
                        conflicts.add(new SyncStore.Conflict(fresh, renew.conflictWith(), nowMs));
                    }
                }
                case Note.Adopt adopt -> {
                    drop(changed, adopt.item());
                    rename(changed, adopt.item(), adopt.node());
                    set(changed, adopt.row());
                }
            }
        }
        write(changed, conflicts);
    }

    void remember(List<SyncedNode> sent) throws CofferException {
        Map<NodeId, Optional<SyncedNode>> changed = new LinkedHashMap<>();
        sent.forEach(row -> set(changed, row));
        write(changed, List.of());
    }

    private void write(Map<NodeId, Optional<SyncedNode>> changed, List<SyncStore.Conflict> conflicts) throws CofferException {
        List<NodeId> forgotten = changed.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        List<SyncedNode> put = changed.values().stream().flatMap(Optional::stream).toList();
        if (!forgotten.isEmpty() || !put.isEmpty() || !conflicts.isEmpty()) {
            store.write(new SyncStore.Write(forgotten, put, conflicts));
        }
    }

    private void set(Map<NodeId, Optional<SyncedNode>> changed, SyncedNode row) {
        rows.put(row);
        changed.put(row.id(), Optional.of(row));
        dirty.add(row.id());
        LocalNode node = local.find(row.id());
        Base base = row.base();
        if (node != null && base != null && node.content() == null && node.stamp().equals(row.stamp())) {
            local.put(node.withContent(base.content()));
        }
    }

    private void drop(Map<NodeId, Optional<SyncedNode>> changed, NodeId id) {
        if (rows.find(id) != null) {
            rows.remove(id);
            changed.put(id, Optional.empty());
        }
        dirty.add(id);
    }

    private NodeId renew(Map<NodeId, Optional<SyncedNode>> changed, NodeId id) {
        NodeId fresh = ids.get();
        LocalNode node = local.find(id);
        if (node != null && node.content() == null) {
            local.put(node.withContent(known(node)));
        }
        drop(changed, id);
        rename(changed, id, fresh);
        LocalNode now = local.find(fresh);
        if (now != null) {
            set(changed, new SyncedNode(fresh, now.parent(), now.name(), now.kind(), now.stamp(), null, null, null));
        }
        return fresh;
    }

    private @Nullable ContentId known(LocalNode node) {
        SyncedNode row = rows.find(node.id());
        return row != null && row.base() != null && row.stamp().equals(node.stamp()) ? row.base().content() : null;
    }

    /// Gives a local item another id, with the rows of what is in it.
    private void rename(Map<NodeId, Optional<SyncedNode>> changed, NodeId from, NodeId to) {
        Set<NodeId> children = new HashSet<>(local.rename(from, to));
        children.addAll(rows.in(from));
        dirty.add(from);
        dirty.add(to);
        for (NodeId child : children) {
            dirty.add(child);
            SyncedNode row = rows.find(child);
            if (row != null && (row.parent().equals(from) || (row.base() != null && row.base().parent().equals(from)))) {
                set(changed, inFolder(row, from, to));
            }
        }
    }

    private static SyncedNode inFolder(SyncedNode row, NodeId from, NodeId to) {
        Base base = row.base();
        Base moved = base != null && base.parent().equals(from)
                ? new Base(to, base.name(), base.localName(), base.content(), base.executable())
                : base;
        NodeId parent = row.parent().equals(from) ? to : row.parent();
        return new SyncedNode(
                row.id(), parent, row.localName(), row.kind(), row.stamp(), moved, row.sent(), row.sentStamp());
    }

    @Nullable LocalPath path(NodeId id) {
        return local.tree.path(id);
    }
}
