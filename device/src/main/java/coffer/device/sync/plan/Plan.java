package coffer.device.sync.plan;

import coffer.core.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to do next. Everything in it is safe to do late, twice or not at all: it is guarded, and what comes of it is
/// planned from again.
///
/// @param notes    if there are any, nothing else is planned
/// @param prepares work that changes neither side
/// @param local    changes of the folder, in order
/// @param remote   changes of the vault, in order; each group whole or not at all
/// @param waiting  nodes that are not the same on both sides and get nothing done now
public record Plan(
        List<Note> notes,
        List<Prepare> prepares,
        List<LocalStep> local,
        List<List<Send>> remote,
        List<Waiting> waiting,
        Tally tally) {

    /// Whether both sides are the same as far as this plan looked.
    public boolean isQuiet() {
        boolean nothing = notes.isEmpty() && prepares.isEmpty() && local.isEmpty() && remote.isEmpty();
        return nothing && waiting.stream().allMatch(Waiting::isAtRest);
    }

    /// Reads or fetches, so that a later plan can go on.
    public sealed interface Prepare {
        NodeId node();

        /// Find out what a local file's content is.
        record Identify(LocalNode file, LocalPath path) implements Prepare {
            @Override
            public NodeId node() {
                return file.id();
            }
        }

        /// Store a local file's content.
        record Upload(LocalNode file, LocalPath path) implements Prepare {
            @Override
            public NodeId node() {
                return file.id();
            }
        }

        /// Bring content into the staging area.
        record Fetch(RemoteNode file) implements Prepare {
            @Override
            public NodeId node() {
                return file.id();
            }
        }
    }

    /// A change of the vault.
    ///
    /// @param row what to remember before it is sent, so that a lost answer is understood later
    public record Send(Change change, @Nullable SyncedNode row) {}

    public record Waiting(NodeId node, Why why) {
        /// Whether nothing will come of it until somebody does something.
        public boolean isAtRest() {
            return why == Why.LEFT_OUT;
        }
    }

    public enum Why {
        /// The item changed a moment ago, or vanished a moment ago.
        UNQUIET,
        /// A step for it failed; it is tried again later.
        HELD,
        /// No vault can hold its name.
        NAME,
        /// An empty folder under the name of one that is left out here: it stays, and is not sent.
        LEFT_OUT,
        /// Something else has to come first.
        OTHER
    }

    /// How much a plan takes away, for [MassChange].
    ///
    /// @param removedThere nodes that go to the vault's trash
    /// @param changedThere files of the vault that get other content
    /// @param removedHere  local items that are removed
    /// @param changedHere  local files that get other content
    public record Tally(int removedThere, int changedThere, int removedHere, int changedHere) {}
}
