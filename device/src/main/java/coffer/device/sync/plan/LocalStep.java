package coffer.device.sync.plan;

import coffer.core.NodeId;
import org.jspecify.annotations.Nullable;

/// One change of the local folder, with what must be there for it to be right. A plan's local steps happen in order.
public sealed interface LocalStep {

    NodeId node();

    /// Where the item is after the step, or was before its removal.
    LocalPath path();

    /// @param parent the folder that `path` leads into
    record MakeFolder(NodeId node, NodeId parent, LocalPath path) implements LocalStep {}

    /// Gives staged content its place.
    ///
    /// @param expected the file that it replaces; null if nothing may be there
    record Place(
            NodeId node,
            NodeId parent,
            LocalPath path,
            ContentId content,
            @Nullable Stamp expected,
            boolean executable,
            long mtimeNs)
            implements LocalStep {}

    record MakeLink(NodeId node, NodeId parent, LocalPath path, ContentId target, @Nullable Stamp expected)
            implements LocalStep {}

    record SetExecutable(NodeId node, LocalPath path, Stamp expected, boolean executable) implements LocalStep {}

    /// @param conflictWith the node that has a better right to the item's former name, if that is why it moves
    record Move(NodeId node, LocalPath from, long fileId, NodeId parent, LocalPath path, @Nullable NodeId conflictWith)
            implements LocalStep {}

    record Remove(NodeId node, LocalPath path, Kind kind, Stamp expected) implements LocalStep {}
}
