package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.plan.SyncedNode;
import java.util.List;
import java.util.Set;

/// What a synced folder remembers over restarts. Each [#write] is one transaction: all of it or nothing survives a crash,
/// and what is written later never survives without what was written before.
public interface SyncStore {

    /// A conflict that was settled by keeping both.
    ///
    /// @param kept the node under which the local side goes on
    /// @param with the node that kept the name
    record Conflict(NodeId kept, NodeId with, long timeMs) {}

    /// @param forgotten ids whose rows go; before `put` is written
    record Write(List<NodeId> forgotten, List<SyncedNode> put, List<Conflict> conflicts) {}

    List<SyncedNode> load() throws CofferException;

    void write(Write write) throws CofferException;

    List<Conflict> conflicts() throws CofferException;

    /// Folders of the vault that are left out here.
    Set<NodeId> leftOut() throws CofferException;

    /// Says anew which folders are left out, and with that writes rows: one transaction, like [#write].
    void leaveOut(Set<NodeId> folders, List<SyncedNode> put) throws CofferException;
}
