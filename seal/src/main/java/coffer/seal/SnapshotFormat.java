package coffer.seal;

import coffer.core.Bytes;
import org.jspecify.annotations.Nullable;

/// What writer and reader of snapshots share: the order of items, and their counts.
///
/// Nodes come first, then trash, then former states, then packs, each by strictly ascending key, so that the same state is always the same
/// bytes and successive snapshots share most of their chunks.
final class SnapshotFormat {

    static final int HEADER = 0;
    static final int NODE = 1;
    static final int TRASH = 2;
    static final int VERSION_ITEM = 3;
    static final int PACK = 4;
    static final int END = 5;

    static final int VERSION = 1;

    private int type = HEADER;
    private @Nullable Bytes last;
    private final long[] counts = new long[END];

    /// Whether an item of `type` with that key may come next; notes it if so.
    boolean advance(int nextType, Bytes id) {
        if (nextType < type || (nextType == type && last != null && last.compareTo(id) >= 0)) {
            return false;
        }
        type = nextType;
        last = id;
        counts[nextType]++;
        return true;
    }

    long count(int ofType) {
        return counts[ofType];
    }
}
