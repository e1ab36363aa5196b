package coffer.device;

import coffer.core.CofferException;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.Head;
import coffer.seal.CommitBody;
import coffer.seal.DedupKeys;
import coffer.seal.VaultKeys;
import java.util.List;

/// One vault as ingest, fetch and the tree see it: its keys, and the one way to change it.
interface VaultAccess {

    LogId id();

    /// The epoch that new content is sealed in. It may advance between calls; a pack of an older one is not committed.
    long epoch();

    /// Keys of an epoch, owned by the vault: do not close them.
    VaultKeys keys(long epoch) throws CofferException;

    DedupKeys dedup();

    /// What to append, decided from the newest verified state. Called again after each lost race, so it must not
    /// have effects.
    @FunctionalInterface
    interface Planner {
        /// @return the body and the packs it releases; null when there is nothing left to do
        @org.jspecify.annotations.Nullable
        Plan plan() throws CofferException;
    }

    record Plan(CommitBody body, List<PackId> released) {}

    /// Appends what `planner` makes of the newest state and applies it to the replica; returns the new head, or the
    /// old one if there was nothing to do.
    Head commit(Planner planner) throws CofferException;

    /// Fetches, verifies and applies what is new; returns the number of entries.
    long refresh() throws CofferException;
}
