package coffer.device.sync.plan;

import coffer.core.NodeId;
import org.jspecify.annotations.Nullable;

/// Something that this device understands, without any change of the folder or the vault. Notes come first: a plan that
/// has some has nothing else, since they change what is planned from.
public sealed interface Note {

    NodeId node();

    /// Both sides are the same: this is the base from now on.
    record Agree(SyncedNode row) implements Note {
        @Override
        public NodeId node() {
            return row.id();
        }
    }

    /// The base is of no use any more: nobody has the node, or a change on the one side beats the removal on the other.
    record Forget(NodeId node) implements Note {}

    /// The local item goes on as a node of its own, under a fresh id.
    ///
    /// @param conflictWith the node whose content would else have been lost, if there is one
    record Renew(NodeId node, @Nullable NodeId conflictWith) implements Note {}

    /// The local item `item`, which the vault does not know, is the same as the node of `row`.
    record Adopt(NodeId item, SyncedNode row) implements Note {
        @Override
        public NodeId node() {
            return row.id();
        }
    }
}
