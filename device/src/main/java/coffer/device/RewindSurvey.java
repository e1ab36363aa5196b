package coffer.device;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What has to be done to put a tree back, found in one state of it: which nodes, in which order, and what with each.
///
/// Holds eight bytes for each node that differs.
final class RewindSurvey {

    /// Where the depth stands in a key, above the node's number.
    private static final int DEPTH_SHIFT = 48;

    /// Above every depth: what goes to the trash comes last.
    private static final long LAST = 1L << 60;

    private static final long NUMBER = (1L << DEPTH_SHIFT) - 1;

    private final Tx tx;
    private final Vaults.Ref vault;
    private final RewindScope scope;
    private final RewindScope.Goal goal;
    private long[] keys = new long[1_024];
    private int size;
    private long restored;
    private long changed;
    private long moved;
    private long removed;

    private RewindSurvey(Tx tx, Vaults.Ref vault, RewindScope.Goal goal) {
        this.tx = tx;
        this.vault = vault;
        this.goal = goal;
        this.scope = new RewindScope(tx, vault, goal);
    }

    static RewindSurvey of(Tx tx, Vaults.Ref vault, RewindScope.Goal goal) throws SQLException {
        RewindSurvey survey = new RewindSurvey(tx, vault, goal);
        survey.look();
        return survey;
    }

    private void look() throws SQLException {
        try (Tx.Rows rows = tx.query(
                "SELECT num FROM node WHERE vault = ? AND num <> ? AND (seq > ? OR trashed > ?)",
                vault.num(), vault.root(), goal.sequence(), goal.sequence())) {
            while (rows.next()) {
                look(rows.number(1));
            }
        }
        Arrays.sort(keys, 0, size);
    }

    private void look(long num) throws SQLException {
        PastTree.State then = scope.past().at(num);
        RewindScope.Present present = scope.present(num);
        String what = present == null ? null : what(present, then, scope.wish(present, then));
        if (what == null || present == null) {
            return;
        }
        switch (what) {
            case BRING_BACK -> restored++;
            case CHANGE_BACK -> changed++;
            case MOVE_BACK -> moved++;
            default -> removed++;
        }
        long depth = what.equals(TO_TRASH) ? LAST | (depthNow(present.node()) << DEPTH_SHIFT) : depthThen(then) << DEPTH_SHIFT;
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size++] = depth | num;
    }

    private long depthThen(PastTree.@Nullable State then) throws SQLException {
        return then == null ? 0 : Math.max(0, scope.past().depthOf(then));
    }

    private long depthNow(Nodes.Node node) throws SQLException {
        long depth = 0;
        for (Nodes.Node at = node; at != null && at.num() != vault.root(); at = scope.nodes().byNum(at.parent())) {
            depth++;
        }
        return depth;
    }

    private static final String BRING_BACK = "bring back";
    private static final String CHANGE_BACK = "change back";
    private static final String MOVE_BACK = "move back";
    private static final String TO_TRASH = "to the trash";

    private @Nullable String what(RewindScope.Present present, PastTree.@Nullable State then, RewindScope.Wish wish)
            throws SQLException {
        Nodes.Node node = present.node();
        return switch (wish) {
            case LEAVE -> null;
            case TRASH -> scope.nodes().isLive(node.num()) ? TO_TRASH : null;
            case PLACE -> then != null && RewindScope.isElsewhere(node, then) ? MOVE_BACK : null;
            case STATE -> then == null ? null : what(present, then, RewindScope.isElsewhere(node, then));
            case CONTENT -> then == null ? null : what(present, then, false);
        };
    }

    private @Nullable String what(RewindScope.Present present, PastTree.State then, boolean elsewhere) throws SQLException {
        if (present.trashed() >= 0) {
            return BRING_BACK;
        }
        if (scope.differs(present.node(), then)) {
            return CHANGE_BACK;
        }
        if (!elsewhere) {
            return null;
        }
        return scope.nodes().isLive(present.node().num()) ? MOVE_BACK : BRING_BACK;
    }

    /// Says each thing that differs, in the order in which it would be put back, in the state that was surveyed.
    void describe(Consumer<Device.SyncStep> each) throws SQLException {
        for (int i = 0; i < size; i++) {
            long num = number(i);
            PastTree.State then = scope.past().at(num);
            RewindScope.Present present = scope.present(num);
            if (present != null) {
                String what = String.valueOf(what(present, then, scope.wish(present, then)));
                boolean stays = num == goal.top() || what.equals(TO_TRASH);
                each.accept(new Device.SyncStep(what, stays ? scope.nodes().path(present.node()) : scope.past().path(num)));
            }
        }
    }

    int size() {
        return size;
    }

    /// The number of a node; folders come before what was in them.
    long number(int index) {
        return keys[index] & NUMBER;
    }

    Device.RewindReport report(Device.RewindPoint point, java.util.List<Device.Problem> problems) {
        return new Device.RewindReport(point, restored, changed, moved, removed, problems);
    }
}
