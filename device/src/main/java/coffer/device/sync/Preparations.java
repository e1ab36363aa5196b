package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Plan.Prepare;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Has content read, stored and fetched, so that a later plan can go on. For the control thread.
final class Preparations {

    private static final int UPLOADS = 1_000;

    /// How many run at once is for the vault to say.
    private static final int FETCHES = 256;

    /// Each plan looks at all that differs, so what is begun after it is at least this share of that: the number of plans
    /// does not grow with the number of files.
    private static final int SHARE = 8;

    private final LocalFolder folder;
    private final RemoteVault vault;
    private final Trees trees;
    private final Attempts attempts;
    private final Background background;
    private final LocalNews localNews;
    private final RemoteNews remoteNews;
    private final Set<ContentId> stored = new HashSet<>();

    /// File ids of what is staged; 0 where that has been put in some place, or is not known.
    private final Map<ContentId, Long> staged = new HashMap<>();
    private final Set<NodeId> busy = new HashSet<>();

    Preparations(
            SyncEngine.Ports ports, Trees trees, Attempts attempts, Background background, LocalNews localNews,
            RemoteNews remoteNews) {
        this.folder = ports.folder();
        this.vault = ports.vault();
        this.trees = trees;
        this.attempts = attempts;
        this.background = background;
        this.localNews = localNews;
        this.remoteNews = remoteNews;
    }

    boolean isStored(ContentId content) {
        return stored.contains(content);
    }

    boolean isStaged(ContentId content) {
        return staged.containsKey(content);
    }

    /// The file id of staged content, for the first that asks: the next place gets another file.
    long takeStagedFile(ContentId content) {
        Long fileId = staged.replace(content, 0L);
        return fileId == null ? 0 : fileId;
    }

    boolean isIdle() {
        return busy.isEmpty();
    }

    void begin(List<Prepare> prepares) {
        List<RemoteVault.Upload> uploads = new ArrayList<>();
        int uploadsMax = Math.max(UPLOADS, prepares.size() / SHARE);
        int fetchesMax = Math.max(FETCHES, prepares.size() / SHARE);
        int fetches = busy.size();
        for (Prepare prepare : prepares) {
            if (busy.contains(prepare.node())) {
                continue;
            }
            switch (prepare) {
                case Prepare.Upload upload -> {
                    if (uploads.size() < uploadsMax) {
                        uploads.add(new RemoteVault.Upload(upload.node(), upload.path(), upload.file().stamp()));
                    }
                }
                case Prepare.Identify identify -> identify(identify);
                case Prepare.Fetch fetch -> {
                    if (fetches++ < fetchesMax) {
                        fetch(fetch);
                    }
                }
            }
        }
        if (!uploads.isEmpty()) {
            upload(uploads);
        }
    }

    private void identify(Prepare.Identify identify) {
        NodeId id = identify.node();
        busy.add(id);
        background.run(() -> {
            ContentId content = folder.identify(identify.path(), identify.file().stamp());
            return () -> {
                busy.remove(id);
                read(identify.file(), content, identify.path());
            };
        }, error -> failed(id, error));
    }

    /// A file was read to its end; null if it was not, or did not stay, the one that was meant.
    private void read(LocalNode asRead, @Nullable ContentId content, LocalPath path) {
        LocalNode node = trees.local.find(asRead.id());
        if (content == null) {
            attempts.refused(asRead.id());
            localNews.lookAt(path);
        } else if (node != null && node.stamp().equals(asRead.stamp())) {
            attempts.worked(asRead.id());
            trees.put(node.withContent(content));
        }
    }

    private void fetch(Prepare.Fetch fetch) {
        NodeId id = fetch.node();
        busy.add(id);
        background.run(() -> {
            vault.fetch(fetch.file());
            long fileId = folder.staged(fetch.file().content());
            return () -> {
                busy.remove(id);
                attempts.worked(id);
                staged.put(fetch.file().content(), fileId);
            };
        }, error -> failed(id, error));
    }

    private void upload(List<RemoteVault.Upload> uploads) {
        uploads.forEach(upload -> busy.add(upload.node()));
        background.run(() -> {
            List<RemoteVault.Uploaded> done = vault.upload(uploads);
            return () -> {
                uploads.forEach(upload -> busy.remove(upload.node()));
                done.forEach(this::uploaded);
            };
        }, error -> uploads.forEach(upload -> failed(upload.node(), error)));
    }

    private void uploaded(RemoteVault.Uploaded one) {
        if (one.content() != null) {
            stored.add(one.content());
        }
        LocalNode node = trees.local.find(one.upload().node());
        if (node != null) {
            LocalNode asRead = new LocalNode(
                    node.id(), node.parent(), node.name(), node.kind(), one.upload().stamp(), node.executable(), null);
            read(asRead, one.content(), one.upload().path());
        }
    }

    private void failed(NodeId id, CofferException error) {
        busy.remove(id);
        attempts.failed(id, trees.path(id), error);
        if (error.code() == ErrorCode.UNAVAILABLE) {
            remoteNews.want(); // tells whether it is the line
        }
    }

    /// The staging area has not got it after all.
    void notStaged(ContentId content) {
        staged.remove(content);
    }

    /// Both sides are the same: nothing that was prepared is needed any more. While something is still under way nothing is
    /// dropped: its result would name a file that has gone.
    void clear() {
        if (!busy.isEmpty()) {
            return;
        }
        if (!staged.isEmpty()) {
            background.run(() -> {
                folder.dropStaged();
                return () -> {};
            }, error -> {}); // it is only kept longer than needed
        }
        staged.clear();
        stored.clear();
    }
}
