package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.Note;
import coffer.device.sync.plan.Plan.Send;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Has a plan's changes of the vault appended to its log. For the control thread.
final class RemoteChanges {

    private static final int CHANGES_MAX = 5_000;

    private final RemoteVault vault;
    private final Trees trees;
    private final Attempts attempts;
    private final Background background;
    private final RemoteNews news;
    private final Set<NodeId> refusedAsNew = new HashSet<>();
    private boolean running;

    RemoteChanges(RemoteVault vault, Trees trees, Attempts attempts, Background background, RemoteNews news) {
        this.vault = vault;
        this.trees = trees;
        this.attempts = attempts;
        this.background = background;
        this.news = news;
    }

    boolean isRunning() {
        return running;
    }

    /// What is sent is remembered first, so that it is understood later if the answer is lost.
    void begin(List<List<Send>> all) throws CofferException {
        if (all.isEmpty()) {
            return;
        }
        List<Send> sends = new ArrayList<>();
        List<List<Change>> groups = new ArrayList<>();
        for (List<Send> group : all) {
            if (sends.size() < CHANGES_MAX) {
                sends.addAll(group);
                groups.add(group.stream().map(Send::change).toList());
            }
        }
        trees.remember(rows(sends));
        running = true;
        RemoteVault.Batch batch = new RemoteVault.Batch(trees.position(), groups);
        news.appending();
        background.run(() -> {
            List<NodeId> refused = vault.append(batch);
            return () -> appended(sends, Set.copyOf(refused));
        }, error -> {
            ended();
            news.wentWrong(error);
        });
    }

    private static List<SyncedNode> rows(List<Send> sends) {
        return sends.stream().map(Send::row).filter(Objects::nonNull).toList();
    }

    private void ended() {
        running = false;
        news.want();
    }

    /// What was accepted is agreed, even if somebody has changed or removed it before the next answer shows it.
    private void appended(List<Send> sends, Set<NodeId> refused) throws CofferException {
        ended();
        trees.agree(rows(sends.stream().filter(send -> !refused.contains(send.change().node())).toList()));
        for (Send send : sends) {
            NodeId id = send.change().node();
            if (!refused.contains(id)) {
                attempts.worked(id);
            } else {
                attempts.refused(id);
                if (send.change() instanceof Change.Put put && put.expectedVersion() == 0) {
                    refusedAsNew.add(id);
                }
            }
        }
    }

    /// A node that the vault refused as new and does not show has been there and gone: an earlier answer was lost. Its item
    /// goes on under a fresh id.
    List<Note> renewals() {
        List<Note> notes = new ArrayList<>();
        for (NodeId id : refusedAsNew) {
            SyncedNode row = trees.rows.find(id);
            boolean isNew = trees.local.find(id) != null && (row == null || row.base() == null);
            if (isNew && trees.remote.find(id) == null) {
                notes.add(new Note.Renew(id, null));
            }
        }
        refusedAsNew.clear();
        return notes;
    }
}
