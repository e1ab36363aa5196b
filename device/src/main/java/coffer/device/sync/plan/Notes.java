package coffer.device.sync.plan;

import coffer.core.NodeId;
import coffer.device.sync.plan.Merge.Edited;
import coffer.device.sync.plan.Merge.Fate;
import org.jspecify.annotations.Nullable;

/// The first part of a plan: what can be understood of a node without changing either side.
final class Notes {

    private final Merge merge;
    private final Draft draft;

    Notes(Merge merge, Draft draft) {
        this.merge = merge;
        this.draft = draft;
    }

    void look(NodeId id) {
        RemoteNode remote = merge.remote(id);
        LocalNode local = merge.local(id);
        SyncedNode row = merge.row(id);
        SyncedNode received = row == null || local == null ? null : receivedUnnoticed(row, local);
        if (remote == null && local == null) {
            if (row != null) {
                draft.notes.add(new Note.Forget(id));
            }
        } else if (remote != null && local != null && remote.kind() != local.kind()) {
            draft.notes.add(new Note.Renew(id, null));
        } else if (row != null && remote != null && isLostAnswer(row, remote)) {
            draft.notes.add(new Note.Agree(row.confirmed()));
        } else if (received != null) {
            draft.notes.add(new Note.Agree(received));
        } else if (row == null || row.base() == null) {
            RemoteNode leftOut = merge.leftOut(id);
            if (remote != null && local != null) {
                withoutBase(remote, local);
            } else if (leftOut != null && local != null) {
                leftOutWithoutBase(leftOut, local);
            }
        } else if (local == null) {
            removedHere(id, remote, row.base());
        } else if (remote == null) {
            removedInVault(id, local, row.base());
        } else {
            onBothSides(remote, local, row, row.base());
        }
    }

    private static boolean isLostAnswer(SyncedNode row, RemoteNode remote) {
        return row.sent() != null
                && row.sent().isValueOf(remote)
                && (row.base() == null || !row.base().isValueOf(remote));
    }

    /// The row of an item that has got what it was about to be given, of which a crash kept this device from taking note.
    private @Nullable SyncedNode receivedUnnoticed(SyncedNode row, LocalNode local) {
        Base received = row.received();
        if (received == null || received.isRemoval() || local.stamp().equals(row.stamp())) {
            return null;
        }
        return received.content().equals(merge.content(local)) ? row.received(local.stamp()) : null;
    }

    private void withoutBase(RemoteNode remote, LocalNode local) {
        ContentId content = merge.content(local);
        if (content == null) {
            draft.identify(merge, local);
        } else if (content.equals(remote.content())) {
            draft.notes.add(new Note.Agree(firstRow(remote, local)));
        } else {
            draft.notes.add(new Note.Renew(local.id(), remote.id()));
        }
    }

    /// An item that came here a moment before its node was left out.
    private void leftOutWithoutBase(RemoteNode leftOut, LocalNode local) {
        ContentId content = merge.content(local);
        if (content == null) {
            draft.identify(merge, local);
        } else if (leftOut.kind() == local.kind() && content.equals(leftOut.content())) {
            draft.notes.add(new Note.Agree(firstRow(leftOut, local).leaving()));
        } else {
            draft.notes.add(new Note.Renew(local.id(), null));
        }
    }

    /// The base of two sides that have the same content and never agreed before: where they differ otherwise, it is as if the
    /// vault's side had changed.
    private SyncedNode firstRow(RemoteNode remote, LocalNode local) {
        boolean inPlace = merge.isAt(local, new Place(remote.parent(), remote.name()));
        String name = merge.vaultName(local);
        Base base = inPlace || name == null
                ? remote.base(local.name())
                : new Base(local.parent(), name, local.name(), remote.content(), local.executable());
        return row(local, withExecutable(base, local.executable()));
    }

    static Base withExecutable(Base base, boolean executable) {
        return new Base(base.parent(), base.name(), base.localName(), base.content(), executable);
    }

    static SyncedNode row(LocalNode local, Base base) {
        return new SyncedNode(local.id(), local.parent(), local.name(), local.kind(), local.stamp(), base, null, null, null, 0);
    }

    private void removedHere(NodeId id, @Nullable RemoteNode remote, Base base) {
        if (remote != null && !merge.isUnquiet(id) && merge.fateInVault(id, remote, base) == Fate.STAYS) {
            draft.notes.add(new Note.Forget(id));
            if (!base.isSamePlace(remote)) {
                merge.state.remote().children(id).forEach(this::comesAlong);
            }
        }
    }

    /// A folder that moved in the vault comes back with everything in it.
    private void comesAlong(NodeId id) {
        if (merge.local(id) == null && merge.base(id) != null) {
            draft.notes.add(new Note.Forget(id));
            merge.state.remote().children(id).forEach(this::comesAlong);
        }
    }

    private void removedInVault(NodeId id, LocalNode local, Base base) {
        Fate fate = merge.fateHere(id, local, base);
        if (fate == Fate.STAYS && !Names.isMoving(local.name())) {
            draft.notes.add(new Note.Renew(id, null));
            if (merge.staysWhole(local, base)) {
                merge.state.local().children(id).forEach(this::staysAlong);
            }
        } else if (fate == Fate.UNKNOWN && merge.edited(local, base) == Edited.UNKNOWN) {
            draft.identify(merge, local);
        }
    }

    /// A folder that moved here stays with everything in it.
    private void staysAlong(NodeId id) {
        if (merge.remote(id) == null && merge.base(id) != null) {
            draft.notes.add(new Note.Renew(id, null));
            merge.state.local().children(id).forEach(this::staysAlong);
        }
    }

    private void onBothSides(RemoteNode remote, LocalNode local, SyncedNode row, Base base) {
        ContentId content = merge.content(local);
        boolean changedThere = !remote.content().equals(base.content());
        if (content == null) {
            if (changedThere) {
                draft.identify(merge, local);
            }
        } else if (!content.equals(remote.content())) {
            if (changedThere && merge.edited(local, base) == Edited.YES) {
                draft.notes.add(new Note.Renew(local.id(), remote.id()));
            }
        } else if (local.executable() == remote.executable()
                && merge.isAt(local, new Place(remote.parent(), remote.name()))) {
            SyncedNode agreed = row(local, remote.base(local.name()));
            if (!agreed.equals(row)) {
                draft.notes.add(new Note.Agree(agreed));
            }
        }
    }
}
