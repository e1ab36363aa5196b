package coffer.device.sync;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.sync.plan.LocalPath;

/// Hears what is new in the vault. For the control thread.
final class RemoteNews {

    private static final long OFFLINE_MS = 500;
    private static final long OFFLINE_MS_MAX = 60_000;

    private final RemoteVault vault;
    private final Trees trees;
    private final Attempts attempts;
    private final Background background;
    private final SyncTime time;
    private boolean wanted = true;
    private boolean pulling;
    private boolean current;
    private long appends;
    private long offlineUntilMs;
    private long offlineLengthMs;

    RemoteNews(SyncEngine.Ports ports, Trees trees, Attempts attempts, Background background) {
        this.vault = ports.vault();
        this.trees = trees;
        this.attempts = attempts;
        this.background = background;
        this.time = ports.time();
    }

    void want() {
        wanted = true;
    }

    /// Whether the remote tree can be planned from: nothing of our own was appended since.
    boolean isCurrent() {
        return current;
    }

    boolean isIdle() {
        return current && !pulling && !wanted;
    }

    /// Whether nobody could be reached, and has not been since.
    boolean isOffline() {
        return offlineLengthMs > 0;
    }

    long nextMs() {
        return wanted && !pulling && offlineUntilMs > time.elapsedMs() ? offlineUntilMs : Long.MAX_VALUE;
    }

    /// Asks, if there is something to ask.
    void begin() {
        if (!wanted || pulling || offlineUntilMs > time.elapsedMs()) {
            return;
        }
        wanted = false;
        pulling = true;
        long since = trees.position();
        long appendsSeen = appends;
        background.run(() -> {
            RemoteVault.Changes changes = vault.changes(since);
            return () -> heard(changes, appendsSeen);
        }, error -> {
            pulling = false;
            wentWrong(error);
        });
    }

    private void heard(RemoteVault.Changes changes, long appendsSeen) throws CofferException {
        pulling = false;
        if (isOffline()) {
            offlineLengthMs = 0;
            attempts.tryAgain();
        }
        attempts.solved(trees.remote.top());
        trees.apply(changes);
        changes.present().forEach(node -> attempts.changed(node.id()));
        if (appendsSeen == appends) {
            current = true;
        } else {
            wanted = true;
        }
    }

    /// Something of our own is on its way, and may arrive or not: nothing is known until the next answer.
    void appending() {
        current = false;
        appends++;
    }

    void wentWrong(CofferException error) {
        wanted = true;
        if (error.code() == ErrorCode.UNAVAILABLE) {
            offlineLengthMs = Math.min(OFFLINE_MS_MAX, Math.max(OFFLINE_MS, offlineLengthMs * 2));
            offlineUntilMs = time.elapsedMs() + offlineLengthMs;
        } else {
            offlineUntilMs = time.elapsedMs() + OFFLINE_MS_MAX;
            attempts.stands(trees.remote.top(), LocalPath.TOP, error);
        }
    }
}
