package coffer.device.sync.plan;

import coffer.core.NodeId;

/// One change of the vault's tree, guarded: it applies only to the state that the planner knew.
public sealed interface Change {

    NodeId node();

    /// Gives a node this value. Applies if its version is `expectedVersion` (0: nobody has ever heard of the node), its
    /// parent is a live folder, no other live node bears the name there, and no folder comes to lie in itself.
    ///
    /// @param content of the kind's sort: a stored content of a file, the target of a link
    record Put(
            NodeId node,
            long expectedVersion,
            NodeId parent,
            String name,
            Kind kind,
            ContentId content,
            boolean executable,
            long mtimeNs)
            implements Change {}

    /// Moves a node to the trash with what is below it. Applies if nothing at or below it has changed, come or gone since
    /// the state that was planned from, other than by changes of the same batch.
    record Remove(NodeId node) implements Change {}
}
