package coffer.device.sync.plan;

import coffer.core.NodeId;
import coffer.device.sync.plan.Merge.Edited;
import coffer.device.sync.plan.Merge.Fate;
import coffer.device.sync.plan.Plan.Why;
import coffer.device.sync.plan.Sequence.Op;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what a synced folder needs next (docs/sync.md): a pure function of the three trees.
///
/// Only nodes that are not the same in all three need to be looked at; looking at more changes nothing but the time it
/// takes. What is planned is guarded and small: what comes of it is planned from again, until nothing is left.
public final class Planner {

    private final Names names;
    private final String conflictMark;

    /// @param conflictMark what names of conflict copies say: `conflict DEVICE DATE TIME`
    public Planner(Names names, String conflictMark) {
        this.names = names;
        this.conflictMark = conflictMark;
    }

    /// @param dirty every node that may differ between the trees, at least
    public Plan plan(State state, Collection<NodeId> dirty) {
        Merge merge = new Merge(state, names);
        Draft draft = new Draft();
        List<NodeId> nodes = dirty.stream().distinct().sorted().toList();
        merge.revertLoops(nodes);
        Notes notes = new Notes(merge, draft);
        for (NodeId id : nodes) {
            if (!state.held().test(id)) {
                notes.look(id);
            }
        }
        if (draft.notes.isEmpty()) {
            new Steps(merge, draft).add(nodes);
        }
        return draft.plan();
    }

    /// The second part of a plan: what changes on either side, now that nothing is left to understand.
    private final class Steps {

        private final Merge merge;
        private final Draft draft;
        private final LocalOrder local;
        private final RemoteOrder remote;
        private final List<Op> localOps = new ArrayList<>();
        private final List<Op> remoteOps = new ArrayList<>();
        private final List<NodeId> rewrites = new ArrayList<>();

        Steps(Merge merge, Draft draft) {
            this.merge = merge;
            this.draft = draft;
            this.local = new LocalOrder(merge, draft, conflictMark);
            this.remote = new RemoteOrder(merge, draft, local);
        }

        void add(List<NodeId> nodes) {
            for (NodeId id : nodes) {
                if (merge.state.held().test(id)) {
                    draft.waits(id, Why.HELD);
                } else {
                    look(id);
                }
            }
            local.run(inOrder(localOps, true));
            rewrites.forEach(this::rewrite);
            remote.run(inOrder(remoteOps, false));
            remote.finish();
        }

        private void look(NodeId id) {
            RemoteNode there = merge.remote(id);
            LocalNode here = merge.local(id);
            Base base = merge.base(id);
            if (there != null && here != null) {
                if (base == null) {
                    draft.waits(id, merge.whyNot(id)); // its content is being found out
                } else {
                    both(there, here, base);
                }
            } else if (here != null) {
                hereOnly(here, base);
            } else if (there != null) {
                thereOnly(there, base);
            }
        }

        private void thereOnly(RemoteNode there, @Nullable Base base) {
            if (base == null) {
                localOps.add(new Op(there.id(), Sequence.Kind.CREATE));
            } else if (merge.isUnquiet(there.id())) {
                draft.waits(there.id(), Why.UNQUIET);
            } else {
                remoteOps.add(new Op(there.id(), Sequence.Kind.REMOVE));
                draft.removedThere++;
            }
        }

        private void hereOnly(LocalNode here, @Nullable Base base) {
            if (base == null) {
                if (merge.leftOut(here.id()) != null) {
                    draft.waits(here.id(), merge.whyNot(here.id())); // its content is being found out
                } else if (merge.isEmptyInstead(here.id())) {
                    draft.waits(here.id(), Why.LEFT_OUT);
                } else if (Names.isMoving(here.name()) || merge.inTheWay(here.id()) != null) {
                    localOps.add(new Op(here.id(), Sequence.Kind.MOVE));
                } else {
                    remoteOps.add(new Op(here.id(), Sequence.Kind.CREATE));
                }
                return;
            }
            Fate fate = merge.fateHere(here.id(), here, base);
            if (fate == Fate.GOES && !merge.isUnquiet(here.id())) {
                localOps.add(new Op(here.id(), Sequence.Kind.REMOVE));
                draft.removedHere += merge.leftOut(here.id()) == null ? 1 : 0;
            } else if (fate == Fate.STAYS) {
                localOps.add(new Op(here.id(), Sequence.Kind.MOVE)); // back from where it waited aside
            } else {
                draft.waits(here.id(), merge.whyNot(here.id()));
            }
        }

        private void both(RemoteNode there, LocalNode here, Base base) {
            if (merge.vaultName(here) == null) {
                draft.waits(here.id(), Why.NAME);
                return;
            }
            Place place = merge.place(there, here, base);
            Edited edited = merge.edited(here, base);
            boolean rewritten = !there.content().equals(base.content());
            boolean stays = there.isAt(place);
            if (stays ? !merge.isAt(here, place) : merge.inTheWay(here.id()) != null) {
                localOps.add(new Op(here.id(), Sequence.Kind.MOVE));
            }
            if (rewritten || there.executable() != base.executable()) {
                rewrites.add(here.id());
            }
            boolean sends = (edited != Edited.NO && !rewritten)
                    || (here.executable() != base.executable() && there.executable() == base.executable());
            if (!stays || sends) {
                remoteOps.add(new Op(here.id(), Sequence.Kind.MOVE));
            }
        }

        private void rewrite(NodeId id) {
            RemoteNode there = merge.remote(id);
            LocalNode here = merge.local(id);
            Base base = merge.base(id);
            if (there == null || here == null || base == null) {
                return;
            }
            ContentId content = merge.content(here);
            if (!there.content().equals(base.content()) && !there.content().equals(content)) {
                if (merge.isUnquiet(id) || content == null) {
                    draft.waits(id, merge.whyNot(id));
                } else {
                    local.rewrite(there, here);
                }
            } else if (there.executable() != here.executable() && there.executable() != base.executable()) {
                local.setExecutable(there, here);
            }
        }

        /// Removals first, what lies deepest before what it lies in; then moves; then what is new, folders before what is
        /// in them. What lies in one folder comes together and by name: so it is stored side by side, and fetched so.
        private List<Op> inOrder(List<Op> ops, boolean here) {
            return ops.stream().map(op -> ranked(op, here)).sorted(RANKS).map(Ranked::op).toList();
        }

        private Ranked ranked(Op op, boolean here) {
            boolean removed = op.kind() == Sequence.Kind.REMOVE;
            TreeView<? extends Node> tree = here == removed ? merge.state.local() : merge.state.remote();
            int depth = tree.depth(op.node());
            Node node = tree.find(op.node());
            return new Ranked(
                    op, here && removed ? -depth : depth, node == null ? tree.top() : node.parent(), node == null ? "" : node.name());
        }
    }

    private record Ranked(Op op, int depth, NodeId folder, String name) {}

    private static final Comparator<Ranked> RANKS = Comparator.comparing((Ranked one) -> one.op.kind())
            .thenComparingInt(Ranked::depth)
            .thenComparing(Ranked::folder)
            .thenComparing(Ranked::name)
            .thenComparing(one -> one.op.node());
}
