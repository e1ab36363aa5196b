package coffer.device;

import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.seal.CommitBody;
import coffer.seal.Operation;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Which nodes the last commits named, so that who knows an older state need not look at the whole tree. In memory alone:
/// whoever has just begun looks at everything anyway. Safe for all threads.
final class RecentChanges {

    /// Above this, the oldest are forgotten.
    private static final int NODES_MAX = 100_000;

    private record Commit(long sequence, List<NodeId> nodes) {}

    private static final class OfVault {
        final ArrayDeque<Commit> commits = new ArrayDeque<>();
        long count;
    }

    private final Map<LogId, OfVault> vaults = new HashMap<>(); // guarded by this

    /// Notes an entry that is being applied. One that is applied again after a failure is noted again.
    synchronized void add(LogId vault, long sequence, CommitBody body) {
        OfVault of = vaults.computeIfAbsent(vault, _ -> new OfVault());
        while (!of.commits.isEmpty() && of.commits.getLast().sequence >= sequence) {
            of.count -= of.commits.removeLast().nodes.size();
        }
        if (!of.commits.isEmpty() && of.commits.getLast().sequence != sequence - 1) {
            of.commits.clear();
            of.count = 0;
        }
        List<NodeId> nodes = body.operations().stream().map(Operation::node).toList();
        of.commits.addLast(new Commit(sequence, nodes));
        of.count += nodes.size();
        while (of.count > NODES_MAX && of.commits.size() > 1) {
            of.count -= of.commits.removeFirst().nodes.size();
        }
    }

    /// Every node that entries after `since`, up to `last`, have named; null if not all of those are remembered.
    ///
    /// @param counts which of the entries count
    synchronized @Nullable Set<NodeId> between(LogId vault, long since, long last, LongPredicate counts) {
        if (since == last) {
            return Set.of();
        }
        OfVault of = vaults.get(vault);
        if (of == null
                || of.commits.isEmpty()
                || of.commits.getFirst().sequence > since + 1
                || of.commits.getLast().sequence < last) {
            return null;
        }
        Set<NodeId> nodes = new HashSet<>();
        for (Commit commit : of.commits) {
            if (commit.sequence > since && commit.sequence <= last && counts.test(commit.sequence)) {
                nodes.addAll(commit.nodes);
            }
        }
        return nodes;
    }
}
