package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder.Entry;
import coffer.device.sync.LocalFolder.Outcome;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalStep;
import coffer.device.sync.plan.Note;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Has a plan's local steps done, and notes in the local tree what came of each. For the control thread.
final class LocalChanges {

    /// Steps of one run, between which nothing is looked at; more where planning takes long because much differs.
    private static final int STEPS = 500;

    private static final int SHARE = 16;

    private final SyncEngine.Ports ports;
    private final Trees trees;
    private final Attempts attempts;
    private final Background background;
    private final LocalNews news;
    private final Preparations preparations;
    private final Set<NodeId> notEmpty = new HashSet<>();
    private boolean running;

    LocalChanges(
            SyncEngine.Ports ports, Trees trees, Attempts attempts, Background background, LocalNews news,
            Preparations preparations) {
        this.ports = ports;
        this.trees = trees;
        this.attempts = attempts;
        this.background = background;
        this.news = news;
        this.preparations = preparations;
    }

    boolean isRunning() {
        return running;
    }

    /// What items are about to be given is remembered first: should the vault go back to what it had before that is noted, they
    /// would else pass for edited.
    void begin(List<LocalStep> all) throws CofferException {
        if (all.isEmpty()) {
            return;
        }
        int most = Math.max(STEPS, trees.differing().size() / SHARE);
        List<LocalStep> steps = List.copyOf(all.subList(0, Math.min(all.size(), most)));
        trees.remember(receiving(steps));
        LocalRun run = new LocalRun(ports.folder(), folders(steps));
        running = true;
        background.run(() -> {
            List<LocalRun.Result> results = run.run(steps);
            return () -> changed(results);
        }, error -> {
            throw new IllegalStateException("every step has its own result", error);
        });
    }

    /// File ids of the folders that the steps lead into, as far as they are there.
    private Map<NodeId, Long> folders(List<LocalStep> steps) {
        Map<NodeId, Long> folders = new HashMap<>(Map.of(trees.local.tree.top(), 0L));
        for (LocalStep step : steps) {
            NodeId parent = parent(step);
            LocalNode folder = parent == null ? null : trees.local.find(parent);
            if (folder != null) {
                folders.put(folder.id(), folder.stamp().fileId());
            }
        }
        return folders;
    }

    private static @Nullable NodeId parent(LocalStep step) {
        return switch (step) {
            case LocalStep.MakeFolder make -> make.parent();
            case LocalStep.Place place -> place.parent();
            case LocalStep.MakeLink link -> link.parent();
            case LocalStep.Move move -> move.parent();
            case LocalStep.SetExecutable _, LocalStep.Remove _ -> null;
        };
    }

    private void changed(List<LocalRun.Result> results) throws CofferException {
        running = false;
        List<SyncStore.Conflict> conflicts = new ArrayList<>();
        List<SyncedNode> received = new ArrayList<>();
        for (LocalRun.Result result : results) {
            LocalStep step = result.step();
            switch (result.outcome()) {
                case null -> {
                    attempts.failed(step.node(), step.path(), Objects.requireNonNull(result.error()));
                    lookAgain(step);
                }
                case Outcome.Refused refused -> refused(step, refused.refusal());
                case Outcome.Done done -> {
                    attempts.worked(step.node());
                    done(step, done.entry());
                    SyncedNode row = received(step, done.entry());
                    if (row != null) {
                        received.add(row);
                    }
                    if (step instanceof LocalStep.Move move && move.conflictWith() != null) {
                        conflicts.add(new SyncStore.Conflict(step.node(), move.conflictWith(), ports.time().wallMs()));
                    }
                }
            }
        }
        trees.remember(received);
        if (!conflicts.isEmpty()) {
            ports.store().write(new SyncStore.Write(List.of(), List.of(), conflicts));
        }
    }

    private void refused(LocalStep step, LocalFolder.Refusal refusal) {
        if (refusal == LocalFolder.Refusal.NOT_STAGED && step instanceof LocalStep.Place place) {
            preparations.notStaged(place.content());
        }
        if (refusal == LocalFolder.Refusal.NOT_EMPTY) {
            notEmpty.add(step.node());
        }
        attempts.refused(step.node());
        lookAgain(step);
    }

    /// A folder that was to be removed and holds something that is never listed stays, as a new node.
    List<Note> renewals() {
        List<Note> notes = new ArrayList<>();
        for (NodeId id : notEmpty) {
            boolean seemsEmpty = trees.local.find(id) != null && trees.local.tree.children(id).isEmpty();
            if (seemsEmpty && trees.chosen().find(id) == null) {
                notes.add(new Note.Renew(id, null));
            }
        }
        notEmpty.clear();
        return notes;
    }

    private void lookAgain(LocalStep step) {
        news.lookAt(step.path());
        if (step instanceof LocalStep.Move move) {
            news.lookAt(move.from());
        }
        if (step.path().names().size() > 1) {
            news.lookAt(step.path().parent());
        }
    }

    private void done(LocalStep step, @Nullable Entry entry) {
        switch (step) {
            case LocalStep.MakeFolder make -> arrived(make, make.parent(), entry, ContentId.NONE);
            case LocalStep.Place place -> arrived(place, place.parent(), entry, place.content());
            case LocalStep.MakeLink link -> arrived(link, link.parent(), entry, link.target());
            case LocalStep.Move move -> moved(move, entry);
            case LocalStep.SetExecutable set -> {
                LocalNode node = trees.local.find(set.node());
                if (node != null) {
                    arrived(set, node.parent(), entry, trees.content(node));
                }
            }
            case LocalStep.Remove remove -> trees.removeHere(remove.node());
        }
    }

    /// Rows of the items that the steps give other content, saying which.
    private List<SyncedNode> receiving(List<LocalStep> steps) {
        List<SyncedNode> rows = new ArrayList<>();
        for (LocalStep step : steps) {
            SyncedNode row = trees.rows.find(step.node());
            SyncedNode receiving = row == null ? null : switch (step) {
                case LocalStep.Place place -> row.receiving(
                        place.content(), place.executable(), preparations.takeStagedFile(place.content()));
                case LocalStep.MakeLink link -> row.receiving(link.target(), false, 0);
                case LocalStep.SetExecutable _, LocalStep.MakeFolder _, LocalStep.Move _, LocalStep.Remove _ -> null;
            };
            if (receiving != null) {
                rows.add(receiving);
            }
        }
        return rows;
    }

    private @Nullable SyncedNode received(LocalStep step, @Nullable Entry entry) {
        boolean gives = step instanceof LocalStep.Place || step instanceof LocalStep.MakeLink;
        SyncedNode row = gives ? trees.rows.find(step.node()) : null;
        return row == null || entry == null || trees.local.find(step.node()) == null ? null : row.received(entry.stamp());
    }

    private void arrived(LocalStep step, NodeId parent, @Nullable Entry entry, @Nullable ContentId content) {
        if (entry == null || !trees.local.tree.isFolder(parent)) {
            lookAgain(step);
        } else {
            trees.put(node(step.node(), parent, entry, content));
        }
    }

    private void moved(LocalStep.Move move, @Nullable Entry entry) {
        LocalNode node = trees.local.find(move.node());
        if (node == null || entry == null || node.kind() != entry.kind() || !trees.local.tree.isFolder(move.parent())) {
            lookAgain(move);
        } else {
            boolean same = node.isFolder() || entry.stamp().equals(node.stamp());
            trees.put(node(node.id(), move.parent(), entry, same ? trees.content(node) : null));
            if (node.isFolder()) {
                news.lookInto(node.id());
            }
        }
    }

    private static LocalNode node(NodeId id, NodeId parent, Entry entry, @Nullable ContentId content) {
        return new LocalNode(id, parent, entry.name(), entry.kind(), entry.stamp(), entry.executable(), content);
    }
}
