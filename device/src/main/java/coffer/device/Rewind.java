package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.seal.CommitBody;
import coffer.seal.Operation;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// Puts the tree of a vault, or what was in one folder of it, back as it was after an entry of the log, by new commits
/// (docs/sync.md, "Going back").
///
/// Each commit is planned from the newest state, so a crash between two leaves a part put back, and the same call does the rest. What
/// others write meanwhile stays.
final class Rewind {

    /// The first pass puts everything back; only what lay too deep for a while, or what others have in the way, is left for the next.
    private static final int PASSES_MAX = 4;

    private static final int PROBLEMS_SHOWN_MAX = 1_000;

    private static final String NOT_PUT_BACK = "It could not be put back: what it was in is gone for good.";

    private final Replica replica;
    private final VaultAccess vault;
    private final Tree tree;
    private final InstantSource clock;

    Rewind(Replica replica, VaultAccess vault, Tree tree, InstantSource clock) {
        this.replica = replica;
        this.vault = vault;
        this.tree = tree;
        this.clock = clock;
    }

    Device.RewindPoint point(Device.RewindTo to, Function<DeviceId, String> deviceName) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            LogTimes times = LogTimes.read(tx, ref, clock.millis());
            long sequence = switch (to) {
                case Device.RewindTo.Time(var time) -> times.at(time);
                case Device.RewindTo.Version(long version) -> version;
            };
            if (times.isEmpty() || sequence < times.first()) {
                throw to instanceof Device.RewindTo.Time ? Refusals.beforeTheVault() : Refusals.noSuchEntry();
            }
            if (sequence > times.last()) {
                throw Refusals.noSuchEntry();
            }
            String device = deviceName.apply(LogTimes.author(tx, ref, sequence));
            return new Device.RewindPoint(sequence, times.time(sequence), device, times.last());
        });
    }

    /// As [Device#rewind].
    Device.RewindReport run(
            String path, Device.RewindPoint point, boolean dryRun, Consumer<Device.SyncStep> each, Progress progress)
            throws CofferException {
        requireKept(point.version());
        List<String> names = NodeNames.split(path);
        Set<Long> own = new HashSet<>();
        RewindScope.Goal goal = replica.read(vault.id(), (tx, ref) -> goal(tx, ref, names, point, own));
        RewindSurvey survey = survey(goal, each);
        Device.RewindReport planned = survey.report(point, List.of());
        if (dryRun) {
            return planned;
        }
        bringBack(goal, own);
        for (int pass = 1; pass <= PASSES_MAX && survey.size() > 0; pass++) {
            apply(survey, goal, progress);
            survey = survey(goal, _ -> {});
        }
        return new Device.RewindReport(
                point, planned.restored(), planned.changed(), planned.moved(), planned.removed(), problems(survey, goal));
    }

    /// Refuses to go back to where something may have been forgotten since: it would look as if it had not been there.
    private void requireKept(long sequence) throws CofferException {
        Retention retention = Retention.now(replica.db(), clock);
        boolean kept = replica.read(vault.id(), (tx, ref) -> {
            LogTimes times = LogTimes.read(tx, ref, clock.millis());
            long expired = tx.number(
                    -1,
                    "SELECT max(a.seq) FROM applied a WHERE a.vault = ? AND " + Retention.EXPIRED,
                    ref.num(), retention.seenMs(), retention.timeMs());
            return sequence >= expired && sequence >= times.at(java.time.Instant.ofEpochMilli(retention.timeMs()));
        });
        if (!kept) {
            throw Refusals.forgotten();
        }
    }

    private static RewindScope.Goal goal(
            Tx tx, Vaults.Ref ref, List<String> names, Device.RewindPoint point, Set<Long> own) throws CofferException, SQLException {
        long top = new PastTree(tx, ref, point.version()).find(names);
        if (top < 0) {
            throw Refusals.nothingThereThen();
        }
        return new RewindScope.Goal(point.version(), top, point.newest(), own);
    }

    private RewindSurvey survey(RewindScope.Goal goal, Consumer<Device.SyncStep> each) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            RewindSurvey survey = RewindSurvey.of(tx, ref, goal);
            survey.describe(each);
            return survey;
        });
    }

    /// Brings the folder itself back if it is in the trash, or in what was in it; folders above it that are gone are made again.
    private void bringBack(RewindScope.Goal goal, Set<Long> own) throws CofferException {
        commit(own, (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            RewindScope scope = new RewindScope(tx, ref, goal);
            if (nodes.isLive(goal.top()) && !scope.isWithinItself(goal.top())) {
                return List.of();
            }
            PastTree.State then = scope.past().at(goal.top());
            Nodes.Node node = nodes.byNum(goal.top());
            if (then == null || node == null) {
                throw Refusals.nothingThereThen();
            }
            List<String> above = Tree.freeFolders(nodes, scope.past().path(then.parent()));
            List<Operation> operations = new ArrayList<>();
            NodeId parent = leadsInto(nodes, scope, above, goal.top())
                    ? Operation.ROOT
                    : tree.makeFolders(nodes, above, operations, true);
            operations.add(new Operation.Put(
                    node.id(),
                    parent,
                    then.name(),
                    then.mtimeNs(),
                    (then.flags() & StoredContent.EXECUTABLE) != 0,
                    StoredContent.decode(node.kind(), then.size(), nodes.contentAt(node, then.seq()))));
            return operations;
        });
    }

    private static boolean leadsInto(Nodes nodes, RewindScope scope, List<String> path, long top) throws SQLException {
        for (int i = 1; i <= path.size(); i++) {
            Nodes.Node at = nodes.find(path.subList(0, i));
            if (at != null && (at.num() == top || scope.isWithinItself(at.num()))) {
                return true;
            }
        }
        return false;
    }

    private void apply(RewindSurvey survey, RewindScope.Goal goal, Progress progress) throws CofferException {
        int[] next = {0};
        while (next[0] < survey.size()) {
            Stop.check(progress);
            progress.update("rewind", next[0], survey.size(), Progress.Unit.FILES);
            int from = next[0];
            commit(goal.own(), (tx, ref) -> {
                RewindBatch batch = new RewindBatch(tx, ref, goal);
                int at = from;
                while (at < survey.size() && !batch.isFull()) {
                    batch.add(survey.number(at++));
                }
                next[0] = at;
                return batch.operations();
            });
        }
    }

    private void commit(Set<Long> own, Replica.VaultWork<List<Operation>> plan) throws CofferException {
        boolean[] wrote = {false};
        long sequence = vault.commit(() -> {
            List<Operation> operations = replica.read(vault.id(), plan);
            wrote[0] = !operations.isEmpty();
            return operations.isEmpty()
                    ? null
                    : new VaultAccess.Plan(new CommitBody(operations, List.of(), List.of()), List.of());
        }).sequence();
        if (wrote[0]) {
            own.add(sequence);
        }
    }

    private List<Device.Problem> problems(RewindSurvey survey, RewindScope.Goal goal) throws CofferException {
        List<Device.Problem> problems = new ArrayList<>();
        if (survey.size() > 0) {
            survey(goal, step -> {
                if (problems.size() < PROBLEMS_SHOWN_MAX) {
                    problems.add(new Device.Problem(step.where(), ErrorCode.LOCAL.name(), NOT_PUT_BACK));
                }
            });
        }
        return problems;
    }
}
