package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.plan.LocalPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How trying went: which nodes are left alone for a while, and what a person should hear of. For the control thread.
final class Attempts {

    private static final long HOLD_MS = 25;
    private static final long HOLD_MS_MAX = 60_000;
    private static final long UNAVAILABLE_MS = 500;
    private static final int PROBLEMS_MAX = 1_000;

    private final SyncTime time;
    private final Holds held = new Holds(HOLD_MS, HOLD_MS_MAX);
    private final Holds unquiet;
    private final long vanishedMs;
    private final Map<NodeId, SyncStatus.Problem> problems = new HashMap<>();

    Attempts(SyncTime time, SyncSettings settings) {
        this.time = time;
        this.unquiet = new Holds(settings.quietMs(), settings.quietMsMax());
        this.vanishedMs = settings.vanishedMs();
    }

    boolean isHeld(NodeId id) {
        return held.has(id);
    }

    boolean isUnquiet(NodeId id) {
        return unquiet.has(id);
    }

    void worked(NodeId id) {
        held.forget(id);
        problems.remove(id);
    }

    /// What is there is not what was expected: it is tried again a little later.
    void refused(NodeId id) {
        held.add(id, time.elapsedMs());
    }

    /// Nobody can be reached: that is no fault of the node.
    void unavailable(NodeId id) {
        held.addFor(id, time.elapsedMs(), UNAVAILABLE_MS);
    }

    /// @param path where the node is; null if nobody knows
    void failed(NodeId id, @Nullable LocalPath path, CofferException error) {
        if (error.code() == ErrorCode.UNAVAILABLE) {
            unavailable(id);
        } else {
            refused(id);
            problem(id, path, error);
        }
    }

    /// The node may be tried at once: something about it is new.
    void changed(NodeId id) {
        held.forget(id);
    }

    void wrote(NodeId id) {
        unquiet.add(id, time.elapsedMs());
    }

    void vanished(NodeId id) {
        held.forget(id);
        unquiet.addFor(id, time.elapsedMs(), vanishedMs);
    }

    void isQuiet(NodeId id) {
        unquiet.forget(id);
    }

    /// An item goes on under another id.
    void moved(NodeId from, NodeId to) {
        held.move(from, to);
        unquiet.move(from, to);
    }

    void problem(NodeId id, @Nullable LocalPath path, CofferException error) {
        if (problems.size() < PROBLEMS_MAX) {
            String message = error.getMessage() == null ? "" : error.getMessage();
            String where = path == null ? "" : path.toString();
            problems.put(id, new SyncStatus.Problem(id, where, error.code().name(), message));
        }
    }

    void solved(NodeId id) {
        problems.remove(id);
    }

    List<SyncStatus.Problem> problems() {
        return List.copyOf(problems.values());
    }

    /// Whether anything may be tried again that could not be a moment ago.
    boolean expire() {
        long now = time.elapsedMs();
        boolean quiet = unquiet.expire(now);
        return held.expire(now) || quiet;
    }

    long nextMs() {
        return Math.min(unquiet.nextMs(), held.nextMs());
    }
}
