package coffer.device.sync.plan;

import coffer.core.NodeId;
import coffer.device.sync.plan.Merge.Edited;
import coffer.device.sync.plan.Plan.Prepare;
import coffer.device.sync.plan.Plan.Send;
import coffer.device.sync.plan.Plan.Why;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Orders what changes in the vault.
final class RemoteOrder extends Sequence {

    private final Merge merge;
    private final Draft draft;
    private final LocalOrder local;
    private final Scratch<RemoteNode> scratch;
    private final List<Send> sends = new ArrayList<>();
    private final Set<NodeId> steppedAside = new HashSet<>();

    RemoteOrder(Merge merge, Draft draft, LocalOrder local) {
        this.merge = merge;
        this.draft = draft;
        this.local = local;
        this.scratch = new Scratch<>(merge.state.remote(), name -> name);
    }

    /// Gives the changes to the draft: each for itself, or all as one where some only make sense with others.
    void finish() {
        if (!steppedAside.isEmpty()) {
            draft.remote.add(List.copyOf(sends));
        } else {
            sends.forEach(send -> draft.remote.add(List.of(send)));
        }
    }

    @Override
    Tried attempt(Op op) {
        return switch (op.kind()) {
            case REMOVE -> remove(op.node());
            case MOVE -> change(op.node());
            case CREATE -> create(op.node());
        };
    }

    @Override
    void given(Op op) {
        draft.waits(op.node(), merge.whyNot(op.node()));
    }

    private Tried remove(NodeId id) {
        RemoteNode node = merge.remote(id);
        if (node == null) {
            return NOT;
        }
        if (pendingKind(node.parent()) == Kind.REMOVE) {
            return new Tried.After(node.parent()); // goes with its folder
        }
        if (scratch.find(id) == null || !scratch.isWithin(id, scratch.top())) {
            return DONE; // has gone with its folder
        }
        NodeId stays = whatStaysIn(id);
        if (stays != null) {
            return new Tried.After(stays);
        }
        SyncedNode row = merge.row(id);
        sends.add(new Send(new Change.Remove(id), row == null ? null : row.removing()));
        scratch.remove(id);
        return DONE;
    }

    /// Something in a folder that is not to be removed with it, or not yet; null if there is nothing.
    private @Nullable NodeId whatStaysIn(NodeId folder) {
        for (NodeId child : scratch.children(folder)) {
            if (pendingKind(child) != Kind.REMOVE) {
                return child;
            }
            NodeId below = whatStaysIn(child);
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    private Tried create(NodeId id) {
        LocalNode node = merge.local(id);
        if (node == null || local.isAside(id) || Names.isMoving(node.name())) {
            return NOT;
        }
        String name = merge.vaultName(node);
        if (name == null) {
            draft.waits(id, Why.NAME);
            return NOT;
        }
        if (!scratch.isFolder(node.parent())) {
            return new Tried.After(node.parent());
        }
        return switch (name(node, name)) {
            case Spot.Blocked blocked -> blocked.tried();
            case Spot.Free free -> created(node, free.name());
        };
    }

    private Tried created(LocalNode node, String name) {
        ContentId content = storedContent(node);
        if (content == null) {
            return NOT;
        }
        var put = new Change.Put(
                node.id(), 0, node.parent(), name, node.kind(), content, node.executable(), node.stamp().mtimeNs());
        emit(put, node, null);
        return DONE;
    }

    /// A local item's content if the vault can be told of it; otherwise has it stored.
    private @Nullable ContentId storedContent(LocalNode node) {
        ContentId content = merge.content(node);
        if (node.kind() != coffer.device.sync.plan.Kind.FILE) {
            return content;
        }
        if (merge.isUnquiet(node.id())) {
            draft.waits(node.id(), Why.UNQUIET);
            return null;
        }
        if (content != null && merge.state.stored().test(content)) {
            return content;
        }
        LocalPath path = merge.state.local().path(node.id());
        if (path != null) {
            draft.prepare(new Prepare.Upload(node, path));
        }
        return null;
    }

    private Tried change(NodeId id) {
        LocalNode node = merge.local(id);
        RemoteNode remote = merge.remote(id);
        Base base = merge.base(id);
        if (node == null || remote == null || base == null || local.isAside(id)) {
            return NOT;
        }
        Place place = merge.place(remote, node, base);
        if (remote.isAt(place)) {
            return put(node, remote, base, remote.parent(), remote.name());
        }
        if (!scratch.isFolder(place.parent())) {
            return new Tried.After(place.parent());
        }
        if (node.isFolder() && scratch.isWithin(place.parent(), id)) {
            return new Tried.After(nextMoving(place.parent(), id));
        }
        return switch (name(node, place.name())) {
            case Spot.Blocked blocked -> blocked.tried();
            case Spot.Free free -> put(node, remote, base, place.parent(), free.name());
        };
    }

    private NodeId nextMoving(NodeId from, NodeId above) {
        NodeId at = from;
        while (!at.equals(above) && !isPending(at)) {
            RemoteNode node = scratch.find(at);
            if (node == null) {
                return above;
            }
            at = node.parent();
        }
        return at;
    }

    private Tried put(LocalNode node, RemoteNode remote, Base base, NodeId parent, String name) {
        boolean edited = merge.edited(node, base) != Edited.NO && remote.content().equals(base.content());
        ContentId stored = edited ? storedContent(node) : remote.content();
        ContentId content = stored == null ? remote.content() : stored;
        boolean executable = remote.executable() == base.executable() ? node.executable() : remote.executable();
        boolean changes = !content.equals(remote.content());
        if (!changes && executable == remote.executable() && remote.isAt(new Place(parent, name))) {
            return NOT;
        }
        draft.changedThere += changes ? 1 : 0;
        long mtimeNs = changes ? node.stamp().mtimeNs() : remote.mtimeNs();
        var put = new Change.Put(node.id(), remote.version(), parent, name, node.kind(), content, executable, mtimeNs);
        emit(put, node, base);
        return DONE;
    }

    /// @param base of the row as it is
    private void emit(Change.Put put, LocalNode node, @Nullable Base base) {
        SyncedNode row = merge.row(node.id());
        Base sent = new Base(put.parent(), put.name(), node.name(), put.content(), put.executable());
        // A row says what the local item has, and where, so none is written where the vault's state will not be just that.
        boolean whole = put.content().equals(merge.content(node))
                && put.executable() == node.executable()
                && merge.isAt(node, new Place(put.parent(), put.name()));
        Stamp stamp = row == null ? node.stamp() : row.stamp();
        SyncedNode whatIsSent =
                new SyncedNode(node.id(), node.parent(), node.name(), node.kind(), stamp, base, sent, node.stamp(), null, 0);
        sends.add(new Send(put, whole ? whatIsSent : row == null ? null : row.nowFile(node.stamp())));
        scratch.put(new RemoteNode(
                put.node(), put.parent(), put.name(), put.kind(), put.content(), node.stamp().size(), put.executable(), put.mtimeNs(),
                put.expectedVersion()));
    }

    @Override
    boolean stepAside(NodeId id) {
        RemoteNode remote = merge.remote(id);
        if (remote == null || !steppedAside.add(id)) {
            return false;
        }
        NodeId top = scratch.top();
        sends.add(new Send(
                new Change.Put(
                        id, remote.version(), top, Names.moving(id), remote.kind(), remote.content(), remote.executable(),
                        remote.mtimeNs()),
                null));
        scratch.put(new RemoteNode(
                id, top, Names.moving(id), remote.kind(), remote.content(), remote.size(), remote.executable(), remote.mtimeNs(),
                remote.version()));
        return true;
    }

    private sealed interface Spot {
        record Free(String name) implements Spot {}

        record Blocked(Tried tried) implements Spot {}
    }

    private Spot name(LocalNode node, String wanted) {
        if (merge.leftOutAt(node.parent(), wanted) != null) {
            return new Spot.Blocked(NOT);
        }
        RemoteNode holder = scratch.child(node.parent(), wanted);
        if (holder == null || holder.id().equals(node.id())) {
            return new Spot.Free(wanted);
        }
        if (isLeaving(holder.id()) && !willStay(holder)) {
            return new Spot.Blocked(new Tried.After(holder.id()));
        }
        LocalNode there = merge.local(holder.id());
        boolean sideBySide = there != null
                && there.parent().equals(node.parent())
                && !merge.names.key(there.name()).equals(merge.names.key(node.name()));
        for (String name : Names.besidesInVault(wanted, node.name(), node.id())) {
            RemoteNode other = scratch.child(node.parent(), name);
            boolean free = other == null ? merge.leftOutAt(node.parent(), name) == null : other.id().equals(node.id());
            if (sideBySide && free) {
                return new Spot.Free(name);
            }
        }
        return new Spot.Blocked(NOT);
    }

    /// Whether the change that is pending for a node leaves it where it is.
    private boolean willStay(RemoteNode holder) {
        RemoteNode remote = merge.remote(holder.id());
        LocalNode there = merge.local(holder.id());
        Base base = merge.base(holder.id());
        return remote != null && there != null && base != null && remote.isAt(merge.place(remote, there, base));
    }
}
