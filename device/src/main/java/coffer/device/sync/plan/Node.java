package coffer.device.sync.plan;

import coffer.core.NodeId;

/// An item of one of the three trees.
public sealed interface Node permits RemoteNode, LocalNode {

    NodeId id();

    /// The folder that it is in; the top of the synced folder is in every tree and is nobody's child.
    NodeId parent();

    String name();

    Kind kind();

    default boolean isFolder() {
        return kind() == Kind.FOLDER;
    }
}
