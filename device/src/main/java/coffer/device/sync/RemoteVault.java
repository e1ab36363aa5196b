package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.RemoteNode;
import coffer.device.sync.plan.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The vault's side of a synced folder: one folder of its verified tree, and the ways to change it. Methods block and are
/// called off the control thread, one [#append] at a time.
public interface RemoteVault {

    /// What is different since a position.
    ///
    /// @param whole    true if `present` is all there is, whatever was known before
    /// @param present  the newest state of every node that has changed, or has come to lie below the folder, a folder before
    ///                 what is in it
    /// @param gone     nodes that are no longer live below the folder, with everything that was below them and is not in
    ///                 `present`
    /// @param position of the state that this leads to
    record Changes(boolean whole, List<RemoteNode> present, List<NodeId> gone, long position) {}

    /// Changes for one commit, or for as many as their number needs, in order.
    ///
    /// @param position the state that they were planned from
    /// @param groups   each applies whole or not at all, on what the groups before it left; only a group of more than one
    ///                 change must lie in one commit
    record Batch(long position, List<List<Change>> groups) {}

    /// A file whose content should be stored.
    record Upload(NodeId node, LocalPath path, Stamp stamp) {}

    /// @param content what is stored now; null if the file was not, or did not stay, the one with that stamp
    record Uploaded(Upload upload, @Nullable ContentId content, long size) {}

    /// What has changed since a position; everything if that is -1, or too long ago to be known. Asks the network for news
    /// first; throws UNAVAILABLE if it cannot.
    Changes changes(long sincePosition) throws CofferException;

    /// Appends what still applies to the newest state; returns the nodes whose group did not. An exception leaves open
    /// what was appended; [#changes] tells.
    List<NodeId> append(Batch batch) throws CofferException;

    /// Stores the content of files, many in one go so that small ones share packs. No commit yet: [#append] does that, and
    /// brings the packs along.
    List<Uploaded> upload(List<Upload> files) throws CofferException;

    /// Brings a file's content, verified, into the staging area of the local folder, whole and forced to the disk. INTEGRITY
    /// if it cannot be had as it should be.
    void fetch(RemoteNode file) throws CofferException;

    /// Calls `listener` from any thread when there may be news, until closed.
    AutoCloseable watch(Runnable listener) throws CofferException;
}
