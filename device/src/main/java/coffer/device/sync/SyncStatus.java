package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.plan.Plan;
import java.util.List;
import java.util.Optional;

/// What a synced folder is doing, in words that a person can trust.
///
/// @param sending   nodes whose local state goes to the vault
/// @param receiving nodes whose state in the vault comes here
/// @param waiting   nodes that differ and wait, say for a file to be quiet
/// @param question  what a person has to agree to first
public record SyncStatus(
        State state, int sending, int receiving, int waiting, Optional<Plan.Tally> question, List<Problem> problems) {

    public enum State {
        /// Both sides were looked at, nothing is known to differ, and nothing is left to look at.
        UP_TO_DATE,
        /// Something is being looked at, sent, received or waited for.
        WORKING,
        /// The service or the network is away; local changes wait.
        OFFLINE,
        /// A person has paused it.
        PAUSED,
        /// So much would be removed or changed that a person has to agree.
        ASKING,
        /// The folder is not there, as if on a disk that is not mounted. Nothing is removed because of it.
        FOLDER_MISSING,
        /// The folder bears the marker of another synced folder.
        FOLDER_FOREIGN
    }

    /// @param message what happened, what is safe, what to do
    public record Problem(NodeId node, String where, String code, String message) {}
}
