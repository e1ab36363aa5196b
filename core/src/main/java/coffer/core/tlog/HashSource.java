package coffer.core.tlog;

import coffer.core.CofferException;
import coffer.core.Hash;

/// Gives the hashes of complete subtrees.
@FunctionalInterface
public interface HashSource {

    /// The root of the subtree over the leaves from `index << level` to just before `(index + 1) << level`.
    Hash node(int level, long index) throws CofferException;
}
