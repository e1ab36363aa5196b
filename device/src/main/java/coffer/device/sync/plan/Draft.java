package coffer.device.sync.plan;

import coffer.core.NodeId;
import coffer.device.sync.plan.Plan.Prepare;
import coffer.device.sync.plan.Plan.Send;
import coffer.device.sync.plan.Plan.Waiting;
import coffer.device.sync.plan.Plan.Why;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A plan while it is made.
final class Draft {

    final Set<Note> notes = new LinkedHashSet<>();
    final List<LocalStep> local = new ArrayList<>();
    final List<List<Send>> remote = new ArrayList<>();
    private final Map<NodeId, Prepare> prepares = new LinkedHashMap<>();
    private final Map<NodeId, Waiting> waiting = new LinkedHashMap<>();
    int removedThere;
    int changedThere;
    int removedHere;
    int changedHere;

    void prepare(Prepare prepare) {
        prepares.putIfAbsent(prepare.node(), prepare);
    }

    void waits(NodeId node, Why why) {
        waiting.putIfAbsent(node, new Waiting(node, why));
    }

    /// Has a local file read to learn its content, unless it is not the time for it.
    void identify(Merge merge, LocalNode file) {
        LocalPath path = merge.state.local().path(file.id());
        if (path == null || merge.isUnquiet(file.id()) || merge.state.held().test(file.id())) {
            waits(file.id(), merge.whyNot(file.id()));
        } else {
            prepare(new Prepare.Identify(file, path));
        }
    }

    Plan plan() {
        boolean only = !notes.isEmpty();
        return new Plan(
                List.copyOf(notes),
                List.copyOf(prepares.values()),
                only ? List.of() : List.copyOf(local),
                only ? List.of() : List.copyOf(remote),
                List.copyOf(waiting.values()),
                new Plan.Tally(removedThere, changedThere, removedHere, changedHere));
    }
}
