package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.plan.LocalPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How trying went: which nodes are left alone for a while, and what a person should hear of. For the control thread.
final class Attempts {

    private static final long HOLD_MS = 25;
    private static final long HOLD_MS_MAX = 60_000;
    private static final int PROBLEMS_MAX = 1_000;

    private final SyncTime time;
    private final Holds held = new Holds(HOLD_MS, HOLD_MS_MAX);
    private final Holds unquiet;
    private final long vanishedMs;
    private final Map<NodeId, SyncStatus.Problem> problems = new HashMap<>();
    private final Map<NodeId, SyncStatus.Problem> standing = new HashMap<>();

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

    /// Whoever could not be reached can be again.
    void tryAgain() {
        held.clear();
    }

    /// @param path where the node is; null if nobody knows
    void failed(NodeId id, @Nullable LocalPath path, CofferException error) {
        refused(id);
        if (error.code() != ErrorCode.UNAVAILABLE) {
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

    private void problem(NodeId id, @Nullable LocalPath path, CofferException error) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.put(id, describe(id, path, error));
        }
    }

    private static SyncStatus.Problem describe(NodeId id, @Nullable LocalPath path, CofferException error) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        return new SyncStatus.Problem(id, path == null ? "" : path.toString(), error.code().name(), message);
    }

    /// Something that is wrong until [#solved] says otherwise, though nothing may be left to do.
    void stands(NodeId id, LocalPath path, CofferException error) {
        if (standing.size() < PROBLEMS_MAX) {
            standing.put(id, describe(id, path, error));
        }
    }

    void solved(NodeId id) {
        standing.remove(id);
    }

    /// Forgets what was wrong with nodes of which nothing is left to do.
    void keep(Predicate<NodeId> open) {
        problems.keySet().removeIf(open.negate());
    }

    List<SyncStatus.Problem> problems() {
        List<SyncStatus.Problem> all = new ArrayList<>(standing.values());
        all.addAll(problems.values());
        return List.copyOf(all);
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
