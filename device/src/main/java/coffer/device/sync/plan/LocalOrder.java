package coffer.device.sync.plan;

import coffer.core.NodeId;
import coffer.device.sync.plan.Plan.Prepare;
import coffer.device.sync.plan.Plan.Why;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Orders what changes in the local folder.
final class LocalOrder extends Sequence {

    private final Merge merge;
    private final Draft draft;
    private final Scratch<LocalNode> scratch;
    private final String conflictMark;
    private final Set<NodeId> asides = new HashSet<>();
    private final Set<NodeId> steppedAside = new HashSet<>();

    LocalOrder(Merge merge, Draft draft, String conflictMark) {
        this.merge = merge;
        this.draft = draft;
        this.conflictMark = conflictMark;
        this.scratch = new Scratch<>(merge.state.local(), merge.names::key);
    }

    /// Whether this plan gives the item another name because its own belongs to another node.
    boolean isAside(NodeId id) {
        return asides.contains(id);
    }

    /// Where the item is after the steps so far.
    @Nullable LocalPath path(NodeId id) {
        return scratch.path(id);
    }

    @Override
    Tried attempt(Op op) {
        return switch (op.kind()) {
            case REMOVE -> remove(op.node());
            case MOVE -> move(op.node());
            case CREATE -> create(op.node());
        };
    }

    @Override
    void given(Op op) {
        draft.waits(op.node(), merge.whyNot(op.node()));
    }

    private Tried remove(NodeId id) {
        LocalNode node = scratch.find(id);
        LocalPath path = scratch.path(id);
        if (node == null || path == null) {
            return NOT;
        }
        LocalNode child = scratch.anyChild(id);
        if (child != null) {
            return new Tried.After(child.id());
        }
        draft.local.add(new LocalStep.Remove(id, path, node.kind(), node.stamp()));
        scratch.remove(id);
        return DONE;
    }

    private Tried move(NodeId id) {
        LocalNode node = scratch.find(id);
        RemoteNode remote = merge.remote(id);
        Base base = merge.base(id);
        if (node == null) {
            return NOT;
        }
        RemoteNode leftOut = merge.inTheWay(id);
        if (leftOut != null) {
            return avoid(node, leftOut);
        }
        if (base == null) {
            return recover(node);
        }
        if (remote == null) {
            return comeBack(node, base);
        }
        if (!scratch.isFolder(remote.parent())) {
            return new Tried.After(remote.parent());
        }
        if (node.isFolder() && scratch.isWithin(remote.parent(), id)) {
            return new Tried.After(nextMoving(remote.parent(), id));
        }
        return switch (name(remote)) {
            case Spot.Blocked blocked -> blocked.tried();
            case Spot.Free free -> moved(node, remote.parent(), free.name(), null);
        };
    }

    /// The name of what is left out here stays taken: the local item goes on beside it.
    private Tried avoid(LocalNode node, RemoteNode leftOut) {
        Tried tried = moved(node, leftOut.parent(), conflictName(leftOut.parent(), leftOut.name()), leftOut.id());
        if (tried instanceof Tried.Done) {
            asides.add(node.id());
        }
        return tried;
    }

    /// The folder between `from` and `above` that has to move before `above` can move below `from`.
    private NodeId nextMoving(NodeId from, NodeId above) {
        NodeId at = from;
        while (!at.equals(above) && !isPending(at)) {
            LocalNode node = scratch.find(at);
            if (node == null) {
                return above;
            }
            at = node.parent();
        }
        return at;
    }

    /// An item that was waiting aside when its node went: it gets a place of its own, to be sent from there.
    private Tried comeBack(LocalNode node, Base base) {
        NodeId folder = scratch.isFolder(base.parent()) && !scratch.isWithin(base.parent(), node.id())
                ? base.parent()
                : scratch.top();
        String name = scratch.child(folder, merge.names.key(base.localName())) == null
                ? base.localName()
                : conflictName(folder, base.name());
        return moved(node, folder, name, null);
    }

    /// An item that was waiting aside, and nobody knows any more as what: it gets a name beside the node that it was.
    private Tried recover(LocalNode node) {
        NodeId was = Names.moved(node.name());
        RemoteNode there = was == null ? null : merge.remote(was);
        if (there == null || !scratch.isFolder(there.parent()) || scratch.isWithin(there.parent(), node.id())) {
            return moved(node, scratch.top(), conflictName(scratch.top(), "recovered"), null);
        }
        return moved(node, there.parent(), conflictName(there.parent(), there.name()), null);
    }

    private Tried moved(LocalNode node, NodeId folder, String name, @Nullable NodeId conflictWith) {
        LocalPath from = scratch.path(node.id());
        LocalPath into = scratch.path(folder);
        if (from == null || into == null) {
            return NOT;
        }
        draft.local.add(new LocalStep.Move(node.id(), from, node.stamp().fileId(), folder, into.child(name), conflictWith));
        scratch.put(node.withPlace(folder, name));
        return DONE;
    }

    @Override
    boolean stepAside(NodeId id) {
        LocalNode node = scratch.find(id);
        return node != null
                && steppedAside.add(id)
                && moved(node, scratch.top(), Names.moving(id), null) instanceof Tried.Done;
    }

    private Tried create(NodeId id) {
        RemoteNode remote = merge.remote(id);
        if (remote == null) {
            return NOT;
        }
        if (!scratch.isFolder(remote.parent())) {
            return new Tried.After(remote.parent());
        }
        return switch (name(remote)) {
            case Spot.Blocked blocked -> blocked.tried();
            case Spot.Free free -> made(remote, free.name());
        };
    }

    private Tried made(RemoteNode remote, String name) {
        LocalPath into = scratch.path(remote.parent());
        if (into == null || (remote.kind() == coffer.device.sync.plan.Kind.FILE && !isStaged(remote))) {
            return NOT;
        }
        draft.local.add(step(remote, remote.parent(), into.child(name), null));
        Stamp unknown = new Stamp(0, remote.size(), remote.mtimeNs(), 0);
        scratch.put(new LocalNode(
                remote.id(), remote.parent(), name, remote.kind(), unknown, remote.executable(), remote.content()));
        return DONE;
    }

    /// Gives a file or link that is there other content.
    void rewrite(RemoteNode remote, LocalNode local) {
        LocalNode node = scratch.find(remote.id());
        LocalPath path = scratch.path(remote.id());
        if (node != null && path != null && (remote.kind() != coffer.device.sync.plan.Kind.FILE || isStaged(remote))) {
            draft.local.add(step(remote, node.parent(), path, local.stamp()));
            draft.changedHere++;
        } else {
            draft.waits(remote.id(), Why.OTHER);
        }
    }

    void setExecutable(RemoteNode remote, LocalNode local) {
        LocalPath path = scratch.path(remote.id());
        if (path != null) {
            draft.local.add(new LocalStep.SetExecutable(remote.id(), path, local.stamp(), remote.executable()));
        }
    }

    /// @param folder that the path leads into: not always the node's in the vault, where a move has to wait
    private static LocalStep step(RemoteNode remote, NodeId folder, LocalPath path, @Nullable Stamp expected) {
        return switch (remote.kind()) {
            case FOLDER -> new LocalStep.MakeFolder(remote.id(), folder, path);
            case SYMLINK -> new LocalStep.MakeLink(remote.id(), folder, path, remote.content(), expected);
            case FILE -> new LocalStep.Place(
                    remote.id(), folder, path, remote.content(), expected, remote.executable(), remote.mtimeNs());
        };
    }

    private boolean isStaged(RemoteNode remote) {
        if (merge.state.staged().test(remote.content())) {
            return true;
        }
        draft.prepare(new Prepare.Fetch(remote));
        return false;
    }

    /// Where a node can stand in its folder.
    private sealed interface Spot {
        record Free(String name) implements Spot {}

        record Blocked(Tried tried) implements Spot {}
    }

    private Spot name(RemoteNode remote) {
        Base base = merge.base(remote.id());
        String wanted = base != null && base.name().equals(remote.name()) ? base.localName() : merge.names.toLocal(remote.name());
        LocalNode holder = scratch.child(remote.parent(), merge.names.key(wanted));
        if (holder == null || holder.id().equals(remote.id())) {
            return new Spot.Free(wanted);
        }
        if (isLeaving(holder.id())) {
            return new Spot.Blocked(new Tried.After(holder.id()));
        }
        return remote.name().equals(vaultName(holder)) ? contest(remote, wanted, holder) : besides(remote);
    }

    /// The vault name of an item where it stands now. One that this plan has moved stands where its node is in the vault.
    private @Nullable String vaultName(LocalNode holder) {
        LocalNode before = merge.local(holder.id());
        RemoteNode remote = merge.remote(holder.id());
        if (before != null && before.name().equals(holder.name()) && before.parent().equals(holder.parent())) {
            return merge.vaultName(before);
        }
        return remote != null ? remote.name() : merge.names.toVault(holder.name());
    }

    /// A name of this disk stands for two of the vault: the later one gets a mark here, and only here.
    private Spot besides(RemoteNode remote) {
        for (String name : merge.names.besides(remote.name(), remote.id())) {
            LocalNode holder = scratch.child(remote.parent(), merge.names.key(name));
            if (holder == null || holder.id().equals(remote.id())) {
                return new Spot.Free(name);
            }
        }
        return new Spot.Blocked(NOT);
    }

    /// The vault says that the name is this node's; here another item has it.
    private Spot contest(RemoteNode remote, String name, LocalNode holder) {
        RemoteNode other = merge.remote(holder.id());
        if (merge.isNew(holder.id())) {
            boolean comes = merge.local(remote.id()) == null && merge.base(remote.id()) == null;
            return comes && holder.kind() == remote.kind() ? same(remote, name, holder) : aside(remote, name, holder);
        }
        LocalNode local = merge.local(holder.id());
        Base base = merge.base(holder.id());
        boolean movedHere = other != null && local != null && base != null
                && merge.place(other, local, base).equals(new Place(remote.parent(), remote.name()));
        return movedHere ? aside(remote, name, holder) : new Spot.Blocked(NOT);
    }

    /// The same name was created on two sides: is it the same item?
    private Spot same(RemoteNode remote, String name, LocalNode holder) {
        boolean sized = remote.kind() == coffer.device.sync.plan.Kind.FILE;
        ContentId content = merge.content(holder);
        if (sized && holder.stamp().size() != remote.size()) {
            return aside(remote, name, holder);
        }
        if (content == null) {
            draft.identify(merge, holder);
            return new Spot.Blocked(NOT);
        }
        if (!content.equals(remote.content())) {
            return aside(remote, name, holder);
        }
        LocalNode adopted = holder.withId(remote.id());
        Base base = Notes.withExecutable(remote.base(holder.name()), holder.executable());
        draft.notes.add(new Note.Adopt(holder.id(), Notes.row(adopted, base)));
        return new Spot.Blocked(NOT);
    }

    /// The node of the vault keeps the name; the local item goes on beside it.
    private Spot aside(RemoteNode remote, String name, LocalNode holder) {
        Tried tried = moved(holder, holder.parent(), conflictName(holder.parent(), remote.name()), remote.id());
        if (tried instanceof Tried.Done) {
            asides.add(holder.id());
            return new Spot.Free(name);
        }
        return new Spot.Blocked(tried);
    }

    private String conflictName(NodeId folder, String name) {
        for (int i = 1; ; i++) {
            String marked = Names.marked(name, i == 1 ? conflictMark : conflictMark + " " + i);
            String local = merge.names.toLocal(marked);
            if (scratch.child(folder, merge.names.key(local)) == null && merge.state.whole().child(folder, marked) == null) {
                return local;
            }
        }
    }
}
