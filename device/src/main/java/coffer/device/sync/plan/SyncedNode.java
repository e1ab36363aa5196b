package coffer.device.sync.plan;

import coffer.core.NodeId;
import org.jspecify.annotations.Nullable;

/// What this device remembers of a node: how its local item looks, and what both sides last agreed on.
///
/// A row without base only says which id a local item bears, so that it keeps it over a crash.
///
/// @param parent    the local folder, by id
/// @param localName name on the disk
/// @param stamp     of the local item, when it had the content of `base` (or of `sent`, where there is no base)
/// @param sent      what was about to be appended to the log; if the vault turns out to have just that, an answer was lost
///                  and this is the base
/// @param sentStamp of the local item whose state `sent` is; without `sent`, of the file that the item was when something
///                  else of the node was sent: an older file is not the node any more
/// @param received  what the item was about to get from the vault; if it turns out to have just that, this is the base. A removal:
///                  it is about to be removed here because it is left out, and if it is gone that was no person's doing
/// @param receivedFile file id of what was to be put in the item's place then; 0 if nothing was, or that is not known
public record SyncedNode(
        NodeId id,
        NodeId parent,
        String localName,
        Kind kind,
        Stamp stamp,
        @Nullable Base base,
        @Nullable Base sent,
        @Nullable Stamp sentStamp,
        @Nullable Base received,
        long receivedFile) {

    /// The same when its item is another file by now and what is about to be sent of it is not all of its state; null if
    /// that is nothing new.
    public @Nullable SyncedNode nowFile(Stamp now) {
        boolean known = sent != null || now.fileId() == stamp.fileId();
        return known ? null : new SyncedNode(id, parent, localName, kind, stamp, base, null, now, received, receivedFile);
    }

    /// The same when its removal is about to be sent.
    SyncedNode removing() {
        return new SyncedNode(id, parent, localName, kind, stamp, base, Base.removal(parent), null, null, 0);
    }

    /// Whether this device has sent, or tried to send, the node's removal: an item that is here all the same has come back.
    boolean isRemoving() {
        return sent != null && sent.isRemoval();
    }

    /// The same when its item is about to be given content of the vault, in the file of that id; null if it is not known well enough for that.
    public @Nullable SyncedNode receiving(ContentId content, boolean isExecutable, long fileId) {
        if (base == null || sent != null) {
            return null;
        }
        Base coming = base.withContent(content, isExecutable);
        return new SyncedNode(id, parent, localName, kind, stamp, base, null, sentStamp, coming, fileId);
    }

    /// The same when its item has got what it was about to be given: that is agreed, even if the vault has something else by
    /// now. Null if it was about to be given nothing.
    public @Nullable SyncedNode received(Stamp now) {
        boolean known = received != null && !received.isRemoval();
        return known ? new SyncedNode(id, parent, localName, kind, now, received, null, null, null, 0) : null;
    }

    /// The same when its item is to be removed here and nowhere else.
    public SyncedNode leaving() {
        return new SyncedNode(id, parent, localName, kind, stamp, base, sent, sentStamp, Base.removal(parent), 0);
    }

    public boolean isLeaving() {
        return received != null && received.isRemoval();
    }

    /// The same when the vault has what was sent.
    public SyncedNode confirmed() {
        return new SyncedNode(id, parent, localName, kind, sentStamp == null ? stamp : sentStamp, sent, null, null, null, 0);
    }
}
