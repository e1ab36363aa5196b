package coffer.device.sync;

import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was seen in a folder that is known.
///
/// @param whole whether `seen` is all there is; else it is what there is of `names`
record Look(NodeId folder, boolean whole, Set<String> names, List<Seen> seen) {

    /// @param below everything in a folder that was looked into; null for one that was not, or could not be read
    record Seen(Entry entry, @Nullable List<Seen> below) {}
}
