package coffer.device.sync.plan;

import coffer.core.NodeId;
import coffer.device.sync.plan.Plan.Why;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a node should become, from the three trees; the questions that every part of a plan asks.
final class Merge {

    /// Folders that a search upwards goes through at most: more means a loop that does not concern who asks.
    private static final int STEPS_MAX = 1_024;

    /// Whether a node that one side removed stays because of what the other did.
    enum Fate {
        STAYS,
        GOES,
        UNKNOWN
    }

    enum Edited {
        NO,
        YES,
        UNKNOWN
    }

    final State state;
    final Names names;
    private final Map<NodeId, Fate> fates = new HashMap<>();
    private final Set<NodeId> reverted = new HashSet<>();

    Merge(State state, Names names) {
        this.state = state;
        this.names = names;
    }

    @Nullable RemoteNode remote(NodeId id) {
        return state.remote().find(id);
    }

    /// A node that the vault has and that is left out here, or null.
    @Nullable RemoteNode leftOut(NodeId id) {
        return remote(id) == null ? state.whole().find(id) : null;
    }

    /// What is left out here of a folder that is not, under that name; null for nothing.
    @Nullable RemoteNode leftOutAt(NodeId folder, String name) {
        RemoteNode holder = state.remote().isFolder(folder) ? state.whole().child(folder, name) : null;
        return holder != null && remote(holder.id()) == null ? holder : null;
    }

    @Nullable LocalNode local(NodeId id) {
        return state.local().find(id);
    }

    @Nullable SyncedNode row(NodeId id) {
        return state.synced().apply(id);
    }

    @Nullable Base base(NodeId id) {
        SyncedNode row = row(id);
        return row == null ? null : row.base();
    }

    boolean isUnquiet(NodeId id) {
        return state.unquiet().test(id);
    }

    /// A local item that the vault has never heard of.
    boolean isNew(NodeId id) {
        return local(id) != null && remote(id) == null && base(id) == null;
    }

    /// The content of a local item, or null while it is not known.
    @Nullable ContentId content(LocalNode node) {
        if (node.isFolder()) {
            return ContentId.NONE;
        }
        if (node.content() != null) {
            return node.content();
        }
        SyncedNode row = row(node.id());
        return row != null && row.base() != null && row.stamp().equals(node.stamp()) ? row.base().content() : null;
    }

    Edited edited(LocalNode node, Base base) {
        ContentId content = content(node);
        if (content == null) {
            return Edited.UNKNOWN;
        }
        return content.equals(base.content()) && !isPutBack(node, content) ? Edited.NO : Edited.YES;
    }

    /// Whether other content was sent of a local item, may have arrived, and a person has put back what it had before.
    private boolean isPutBack(LocalNode node, ContentId content) {
        SyncedNode row = row(node.id());
        Base sent = row == null ? null : row.sent();
        RemoteNode remote = remote(node.id());
        return sent != null
                && !sent.isRemoval()
                && !sent.content().equals(content)
                && (remote == null || !remote.content().equals(content));
    }

    /// The name that a local item has, or wants, in the vault; null if it can have none.
    @Nullable String vaultName(LocalNode node) {
        Base base = base(node.id());
        return base != null && isSameName(node.name(), base.localName()) ? base.name() : names.toVault(node.name());
    }

    private static boolean isSameName(String a, String b) {
        return a.equals(b)
                || (a.length() != b.length() && Normalizer.normalize(a, Normalizer.Form.NFC).equals(b));
    }

    /// Whether a local item is where the node should be, under the name it should have or one that stands for it.
    boolean isAt(LocalNode node, Place place) {
        if (!node.parent().equals(place.parent()) || Names.isMoving(node.name())) {
            return false;
        }
        String wanted = names.toVault(node.name());
        Base base = base(node.id());
        return place.name().equals(wanted)
                || (base != null && base.name().equals(place.name()) && isSameName(node.name(), base.localName()))
                || names.isBesides(node.name(), place.name(), node.id())
                || (wanted != null && Names.besidesInVault(wanted, node.name(), node.id()).contains(place.name()));
    }

    boolean isMoved(LocalNode node, Base base) {
        return !Names.isMoving(node.name())
                && (!node.parent().equals(base.parent()) || !base.name().equals(vaultName(node)));
    }

    /// Whether a person has moved a local item, be it to a name that is the same in the vault.
    private boolean isRenamed(LocalNode node, Base base) {
        return isMoved(node, base) || (!Names.isMoving(node.name()) && !node.name().equals(base.localName()));
    }

    /// Whether a local item whose node is gone from the vault stays with everything in it: a person has moved it, or it was
    /// this device that took it for removed, and it has turned up again.
    boolean staysWhole(LocalNode node, Base base) {
        SyncedNode row = row(node.id());
        return isRenamed(node, base) || (row != null && row.isRemoving());
    }

    /// Where a node that is on both sides belongs: the vault's place if it moved there, else the local one if it moved here.
    Place place(RemoteNode remote, LocalNode local, Base base) {
        String name = vaultName(local);
        if (name == null || !base.isSamePlace(remote) || !isMoved(local, base) || reverted.contains(remote.id())) {
            return new Place(remote.parent(), remote.name());
        }
        return new Place(local.parent(), name);
    }

    /// The folder that a node will be in, or null if that cannot be said.
    private @Nullable NodeId folder(NodeId id) {
        RemoteNode remote = remote(id);
        LocalNode local = local(id);
        Base base = base(id);
        if (remote != null && local != null && base != null) {
            return place(remote, local, base).parent();
        }
        return remote != null ? remote.parent() : local != null ? local.parent() : null;
    }

    /// Undoes local moves that would, together with moves in the vault, put folders into themselves.
    void revertLoops(Collection<NodeId> dirty) {
        boolean found = true;
        while (found) {
            Set<NodeId> loops = new HashSet<>();
            for (NodeId id : dirty) {
                RemoteNode remote = remote(id);
                LocalNode local = local(id);
                Base base = base(id);
                if (remote != null && local != null && base != null && local.isFolder()
                        && !place(remote, local, base).equals(new Place(remote.parent(), remote.name()))
                        && isBelowItself(id)) {
                    loops.add(id);
                }
            }
            found = reverted.addAll(loops);
        }
    }

    private boolean isBelowItself(NodeId id) {
        NodeId at = folder(id);
        for (int steps = 0; at != null && steps < STEPS_MAX; steps++) {
            if (at.equals(id)) {
                return true;
            }
            at = folder(at);
        }
        return false;
    }

    /// Of a node that was removed here and not in the vault.
    Fate fateInVault(NodeId id, RemoteNode remote, Base base) {
        Fate known = fates.get(id);
        if (known == null) {
            SyncedNode row = row(id);
            boolean stays = !base.isValueOf(remote)
                    || (row != null && row.received() != null) // nobody knows what it was that was removed, and by whom
                    || comesWith(remote.parent())
                    || state.whole().children(id).stream().anyMatch(child -> leftOut(child) != null)
                    || state.remote().children(id).stream().anyMatch(child -> staysIn(id, child));
            known = stays ? Fate.STAYS : Fate.GOES;
            fates.put(id, known);
        }
        return known;
    }

    private boolean staysIn(NodeId folder, NodeId child) {
        RemoteNode remote = remote(child);
        LocalNode local = local(child);
        Base base = base(child);
        if (remote == null) {
            return false;
        }
        if (base == null) {
            return true;
        }
        return local == null
                ? fateInVault(child, remote, base) == Fate.STAYS
                : place(remote, local, base).parent().equals(folder);
    }

    /// Of a node that was removed in the vault and not here.
    Fate fateHere(NodeId id, LocalNode local, Base base) {
        Fate known = fates.get(id);
        if (known == null) {
            known = findFateHere(id, local, base);
            fates.put(id, known);
        }
        return known;
    }

    private Fate findFateHere(NodeId id, LocalNode local, Base base) {
        Edited edited = edited(local, base);
        if (edited == Edited.YES || staysWhole(local, base) || local.executable() != base.executable()
                || staysWith(local.parent())) {
            return Fate.STAYS;
        }
        Fate fate = edited == Edited.UNKNOWN ? Fate.UNKNOWN : Fate.GOES;
        for (NodeId child : state.local().children(id)) {
            Fate below = fateIn(id, child);
            if (below == Fate.STAYS) {
                return Fate.STAYS;
            }
            fate = below == Fate.UNKNOWN ? Fate.UNKNOWN : fate;
        }
        return fate;
    }

    /// Whether a folder that was removed in the vault stays here with all that is in it.
    private boolean staysWith(NodeId folder) {
        LocalNode local = local(folder);
        Base base = base(folder);
        return local != null && base != null && remote(folder) == null && (staysWhole(local, base) || staysWith(local.parent()));
    }

    /// Whether a folder that was removed here has moved in the vault, and comes back with all that is in it.
    private boolean comesWith(NodeId folder) {
        RemoteNode remote = remote(folder);
        Base base = base(folder);
        return remote != null && base != null && local(folder) == null
                && (!base.isSamePlace(remote) || comesWith(remote.parent()));
    }

    private Fate fateIn(NodeId folder, NodeId child) {
        LocalNode local = local(child);
        RemoteNode remote = remote(child);
        Base base = base(child);
        if (local == null) {
            return Fate.GOES;
        }
        if (remote == null) {
            return base == null ? Fate.STAYS : fateHere(child, local, base);
        }
        return base != null && place(remote, local, base).parent().equals(folder) ? Fate.STAYS : Fate.GOES;
    }

    /// Whether anything is left out here at all: else it is the very same tree.
    @SuppressWarnings("ReferenceEquality")
    private boolean leavesOut() {
        return state.remote() != state.whole();
    }

    /// What is left out here and has the name that a local item has, or wants, in the vault; null if it is free to have it.
    @Nullable RemoteNode inTheWay(NodeId id) {
        LocalNode local = leavesOut() ? local(id) : null;
        if (local == null || Names.isMoving(local.name())) {
            return null;
        }
        RemoteNode remote = remote(id);
        Base base = base(id);
        boolean wants = remote == null ? base == null : base != null && !remote.isAt(place(remote, local, base));
        String name = wants ? vaultName(local) : null;
        return name == null ? null : leftOutAt(local.parent(), name);
    }

    /// Whether a folder is, or lies in, a new one that has the name of what is left out and holds nothing but folders.
    boolean isEmptyInstead(NodeId id) {
        for (NodeId at = id; leavesOut() && holdsFoldersAlone(at); ) {
            if (inTheWay(at) != null) {
                return true;
            }
            LocalNode local = local(at);
            at = local == null ? state.local().top() : local.parent();
        }
        return false;
    }

    private boolean holdsFoldersAlone(NodeId id) {
        LocalNode local = local(id);
        return local != null && local.isFolder() && isNew(id) && state.local().children(id).stream().allMatch(this::holdsFoldersAlone);
    }

    Why whyNot(NodeId id) {
        return isUnquiet(id) ? Why.UNQUIET : state.held().test(id) ? Why.HELD : Why.OTHER;
    }
}
