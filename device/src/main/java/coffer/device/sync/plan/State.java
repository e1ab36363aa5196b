package coffer.device.sync.plan;

import coffer.core.NodeId;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a plan is made from.
///
/// @param remote  the vault's folder, without what is left out here
/// @param whole   the vault's folder, all of it
/// @param local   the local folder, its items under the ids of their nodes
/// @param synced  what is remembered of a node; null for none
/// @param stored  whether content has been stored by this device since it started
/// @param staged  whether content is in the staging area
/// @param unquiet whether a local item changed or vanished so recently that it is left alone
/// @param held    nodes that get no step now
public record State(
        TreeView<RemoteNode> remote,
        TreeView<RemoteNode> whole,
        TreeView<LocalNode> local,
        Function<NodeId, @Nullable SyncedNode> synced,
        Predicate<ContentId> stored,
        Predicate<ContentId> staged,
        Predicate<NodeId> unquiet,
        Predicate<NodeId> held) {}
