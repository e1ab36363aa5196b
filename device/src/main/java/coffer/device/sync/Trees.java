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
import coffer.device.sync.plan.TreeView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The three trees of a synced folder, and which nodes are not the same in all of them. For the control thread.
///
/// Each tree tells of every node that it changes, so no difference can be forgotten: a node is left out of [#differing] only
/// after all that the three trees have of it was compared ([#settle]).
final class Trees {

    /// All of the vault's folder; [#chosen] is what is planned from.
    final MemoryTree<RemoteNode> remote;

    final LocalTree local;
    final SyncedRows rows;
    private final ChosenTree chosen;
    private final Set<NodeId> differing = new HashSet<>();
    private final Names names;
    private final SyncStore store;
    private final Supplier<NodeId> ids;
    private final Renewed renewed;
    private boolean lostSight;
    private long position = -1;

    /// Hears that an item goes on under another id.
    @FunctionalInterface
    interface Renewed {
        void moved(NodeId from, NodeId to);
    }

    Trees(NodeId top, Names names, SyncStore store, Supplier<NodeId> ids, Renewed renewed) throws CofferException {
        this.remote = new MemoryTree<>(top, name -> name, differing::add);
        this.local = new LocalTree(top, names, differing::add);
        this.rows = new SyncedRows(names::key, differing::add);
        this.names = names;
        this.store = store;
        this.ids = ids;
        this.renewed = renewed;
        this.chosen = new ChosenTree(remote, store.leftOut(), differing::add);
        store.load().forEach(rows::put);
    }

    /// The vault's folder without what is left out here.
    TreeView<RemoteNode> chosen() {
        return chosen.leftOut().isEmpty() ? remote : chosen;
    }

    /// Folders that are left out here.
    Set<NodeId> leftOut() {
        return chosen.leftOut();
    }

    /// Leaves out these folders and no others. The choice is remembered with a mark on all that it takes from this device, so
    /// that nothing of it can ever pass for removed by a person.
    void leaveOut(Set<NodeId> folders) throws CofferException {
        List<SyncedNode> marked = marked(folders.stream()
                .filter(id -> !leftOut().contains(id))
                .flatMap(id -> remote.subtree(id).stream())
                .toList());
        store.leaveOut(folders, marked);
        marked.forEach(rows::put);
        chosen.leaveOut(folders);
    }

    /// Whether everything of a folder of the vault is here as it is there, or has not come yet, and nothing else is in it or in
    /// its place.
    boolean isAsInTheVault(RemoteNode folder) {
        LocalNode inPlace = local.child(folder.parent(), names.toLocal(folder.name()));
        return (inPlace == null || inPlace.id().equals(folder.id()))
                && local.tree.subtree(folder.id()).stream().allMatch(id -> local.find(id) == null || isSame(id))
                && remote.subtree(folder.id()).stream().allMatch(id -> isSame(id) || (local.find(id) == null && rows.find(id) == null));
    }

    private List<SyncedNode> marked(List<NodeId> ids) {
        return ids.stream()
                .map(rows::find)
                .filter(row -> row != null && row.base() != null && !row.isLeaving())
                .distinct()
                .map(SyncedNode::leaving)
                .toList();
    }

    /// Every node that is not the same in all three trees, and perhaps some that are.
    Set<NodeId> differing() {
        return Collections.unmodifiableSet(differing);
    }

    void settle() {
        differing.removeIf(this::isSame);
    }

    /// Whether a node is the same in all three trees, or in none.
    boolean isSame(NodeId id) {
        RemoteNode there = chosen().find(id);
        LocalNode here = local.find(id);
        SyncedNode row = rows.find(id);
        if (there == null || here == null || row == null) {
            return there == null && here == null && row == null;
        }
        Base base = row.base();
        return base != null
                && row.sent() == null
                && row.received() == null
                && there.kind() == here.kind()
                && base.isValueOf(there)
                && base.parent().equals(here.parent())
                && base.localName().equals(here.name())
                && base.executable() == here.executable()
                && base.content().equals(content(here))
                && isOf(row, here);
    }

    private static boolean isOf(SyncedNode row, LocalNode here) {
        return row.parent().equals(here.parent()) && row.localName().equals(here.name()) && row.stamp().equals(here.stamp());
    }

    /// The content of a local item, or null while it is not known.
    @Nullable ContentId content(LocalNode node) {
        if (node.isFolder()) {
            return ContentId.NONE;
        }
        SyncedNode row = rows.find(node.id());
        Base base = row == null ? null : row.base();
        boolean asRemembered = row != null && row.stamp().equals(node.stamp());
        return node.content() == null && base != null && asRemembered ? base.content() : node.content();
    }

    /// Whether an item was found in the place of another, of which nobody knows now where it is: before anything is planned,
    /// everything has to be looked at.
    boolean hasLostSight() {
        return lostSight;
    }

    /// Everything is being looked at from now on.
    void seesAgain() {
        lostSight = false;
    }

    /// Of the vault's state that the remote tree is.
    long position() {
        return position;
    }

    void apply(Changes changes) throws CofferException {
        position = changes.position();
        if (changes.whole()) {
            remote.clear();
        }
        changes.present().forEach(node -> remote.remove(node.id()));
        changes.present().forEach(remote::put);
        // Last: a folder that left one that has gone takes along what is in it.
        for (NodeId gone : changes.gone()) {
            remote.subtree(gone).forEach(remote::remove);
        }
        if (!leftOut().isEmpty()) {
            remember(marked(chosen.apply(changes)));
            forgetChoices();
        }
    }

    /// A folder that the vault has not got any more is not left out any more.
    private void forgetChoices() throws CofferException {
        Set<NodeId> there = new HashSet<>(leftOut());
        there.removeIf(id -> remote.find(id) == null);
        if (there.size() < leftOut().size()) {
            leaveOut(there);
        }
    }

    void apply(Matcher.Result seen) {
        seen.gone().forEach(local::remove);
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
    }

    /// The item is gone, with what is in it.
    void removeHere(NodeId id) {
        local.tree.subtree(id).forEach(local::remove);
    }

    /// Drops items whose folder is gone: after a look at everything there are none but through changes meanwhile.
    void dropLost() {
        List<NodeId> lost = local.tree.all().stream().map(LocalNode::id).filter(id -> path(id) == null).toList();
        lost.forEach(local::remove);
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

    void remember(List<SyncedNode> some) throws CofferException {
        Map<NodeId, Optional<SyncedNode>> changed = new LinkedHashMap<>();
        some.forEach(row -> set(changed, row));
        write(changed, List.of());
    }

    /// The vault has what was sent.
    void agree(List<SyncedNode> sent) throws CofferException {
        remember(sent.stream()
                .filter(row -> row.equals(rows.find(row.id())) && row.sent() != null && !row.sent().isRemoval())
                .map(SyncedNode::confirmed)
                .toList());
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
        LocalNode node = local.find(row.id());
        Base base = row.base();
        if (node != null && base != null && node.content() == null && node.stamp().equals(row.stamp())) {
            local.put(node.withContent(base.content()));
        }
        outdate(changed, row);
    }

    /// A file has become another node's, say as a backup: rows that knew it as theirs learn which file is theirs by now, so
    /// that they do not claim it after a crash.
    private void outdate(Map<NodeId, Optional<SyncedNode>> changed, SyncedNode row) {
        for (NodeId id : List.copyOf(rows.withFile(row.stamp().fileId()))) {
            SyncedNode other = rows.find(id);
            LocalNode node = local.find(id);
            if (other == null || node == null || id.equals(row.id()) || other.stamp().fileId() != row.stamp().fileId()) {
                continue;
            }
            SyncedNode now = other.nowFile(node.stamp());
            if (now != null && !now.equals(other)) {
                set(changed, now);
            }
        }
    }

    private void drop(Map<NodeId, Optional<SyncedNode>> changed, NodeId id) {
        if (rows.find(id) != null) {
            rows.remove(id);
            changed.put(id, Optional.empty());
        }
    }

    private NodeId renew(Map<NodeId, Optional<SyncedNode>> changed, NodeId id) {
        NodeId fresh = ids.get();
        LocalNode node = local.find(id);
        if (node != null && node.content() == null) {
            local.put(node.withContent(content(node)));
        }
        drop(changed, id);
        rename(changed, id, fresh);
        renewed.moved(id, fresh);
        LocalNode now = local.find(fresh);
        if (now != null) {
            set(changed, new SyncedNode(fresh, now.parent(), now.name(), now.kind(), now.stamp(), null, null, null, null, 0));
        }
        return fresh;
    }

    /// Gives a local item another id, with the rows of what is in it.
    private void rename(Map<NodeId, Optional<SyncedNode>> changed, NodeId from, NodeId to) {
        Set<NodeId> children = new HashSet<>(local.rename(from, to));
        children.addAll(rows.in(from));
        for (NodeId child : children) {
            SyncedNode row = rows.find(child);
            if (row != null && (row.parent().equals(from) || (row.base() != null && row.base().parent().equals(from)))) {
                set(changed, inFolder(row, from, to));
            }
        }
    }

    private static SyncedNode inFolder(SyncedNode row, NodeId from, NodeId to) {
        NodeId parent = row.parent().equals(from) ? to : row.parent();
        return new SyncedNode(
                row.id(), parent, row.localName(), row.kind(), row.stamp(), inFolder(row.base(), from, to), row.sent(),
                row.sentStamp(), inFolder(row.received(), from, to), row.receivedFile());
    }

    private static @Nullable Base inFolder(@Nullable Base base, NodeId from, NodeId to) {
        return base != null && base.parent().equals(from)
                ? new Base(to, base.name(), base.localName(), base.content(), base.executable())
                : base;
    }

    @Nullable LocalPath path(NodeId id) {
        return local.tree.path(id);
    }
}
