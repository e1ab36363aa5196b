package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.NodeId;
import coffer.device.sync.LocalFolder;
import coffer.device.sync.SyncEngine;
import coffer.device.sync.SyncSettings;
import coffer.device.sync.SyncStatus;
import coffer.device.sync.plan.Plan;
import coffer.seal.RandomSource;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control thread of one synced folder: runs its engine whenever there is something to do.
///
/// When the engine fails, say because a disk is full, it is dropped and a new one begins from what is remembered, after a
/// pause; until then the folder's state says why.
final class SyncRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SyncRunner.class);

    /// A look at the vault without an event: in case that one was lost.
    private static final long NEWS_MS = 60_000;

    private static final long FAILED_MS = 5_000;

    /// Steps that take longer are followed by a rest, in proportion.
    private static final long LONG_STEP_MS = 5;

    private static final long REST_FACTOR = 4;
    private static final long REST_MAX_MS = 500;
    private static final long ANSWER_SECONDS = 30;

    /// When the others are told first that the folder is at rest, and how often at most.
    private static final long FIRST_TOLD_MS = 60_000;

    private static final long TOLD_MS = 600_000;

    /// Hears that the folder is at rest.
    @FunctionalInterface
    interface AtRest {
        void with(NodeId folder, Hash fingerprint);
    }

    private final SyncDb.Folder folder;
    private final SyncEngine.Ports ports;
    private final SyncSettings settings;
    private final Unreadable unreadable;
    private final AtRest atRest;
    private final Semaphore wake = new Semaphore(0);
    private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile @Nullable SyncEngine engine;
    private volatile @Nullable CofferException failure;
    private volatile @Nullable Instant agreed;
    private volatile boolean paused;
    private volatile boolean closed;

    SyncRunner(SyncDb.Folder folder, SyncEngine.Ports ports, SyncSettings settings, Unreadable unreadable, AtRest atRest) {
        this.folder = folder;
        this.ports = ports;
        this.settings = settings;
        this.unreadable = unreadable;
        this.atRest = atRest;
        this.paused = folder.paused();
        this.thread = Thread.ofPlatform().daemon().name("sync").start(this::run);
    }

    SyncDb.Folder folder() {
        return folder;
    }

    private void run() {
        while (!closed) {
            try {
                runEngine();
            } catch (CofferException e) {
                LOG.warn("syncing a folder failed code={} reason={}", e.code(), e.reason());
                failure = e;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                LOG.error("a bug in syncing a folder", e);
                failure = new CofferException(ErrorCode.LOCAL, "Something is wrong in Coffer itself; the folder is tried again.", e);
            }
            engine = null;
            pause(FAILED_MS);
        }
    }

    private void runEngine() throws CofferException, InterruptedException {
        try (AutoCloseable _ = ports.folder().watch(this::onLocal);
                AutoCloseable _ = ports.vault().watch(this::onRemote)) {
            SyncEngine now = new SyncEngine(
                    ports, settings, folder.node(), () -> NodeId.of(RandomSource.secure().bytes(NodeId.SIZE)), wake::release);
            if (paused) {
                now.pause();
            }
            engine = now;
            loop(now);
        } catch (CofferException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CofferException(ErrorCode.LOCAL, "Watching a synced folder ended badly.", e);
        }
    }

    private void loop(SyncEngine now) throws CofferException, InterruptedException {
        long newsMs = ports.time().elapsedMs() + NEWS_MS;
        long toldMs = ports.time().elapsedMs() + FIRST_TOLD_MS;
        while (!closed) {
            for (Asked task = asked.poll(); task != null; task = asked.poll()) {
                task.run(now);
            }
            long before = System.nanoTime();
            long next = now.step();
            rest(System.nanoTime() - before);
            failure = null;
            if (now.status().state() == SyncStatus.State.UP_TO_DATE) {
                agreed = Instant.ofEpochMilli(ports.time().wallMs());
                if (ports.time().elapsedMs() >= toldMs) {
                    toldMs = ports.time().elapsedMs() + TOLD_MS;
                    atRest.with(folder.node(), now.fingerprintOfChosen());
                }
            }
            long elapsed = ports.time().elapsedMs();
            if (elapsed >= newsMs) {
                newsMs = elapsed + NEWS_MS;
                now.onRemote();
            }
            long wait = Math.min(Math.max(next, elapsed), newsMs) - elapsed;
            if (wait > 0 && wake.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        }
    }

    /// A step that plans on many nodes takes long, and the next one would plan on nearly all of them again: results gather
    /// meanwhile. What plans on a few does not wait.
    private static void rest(long tookNs) throws InterruptedException {
        long tookMs = TimeUnit.NANOSECONDS.toMillis(tookNs);
        if (tookMs >= LONG_STEP_MS) {
            Thread.sleep(Math.min(REST_MAX_MS, REST_FACTOR * tookMs));
        }
    }

    private void pause(long ms) {
        try {
            if (!closed) {
                Thread.sleep(ms);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onLocal(LocalFolder.Event event) {
        SyncEngine now = engine;
        if (now != null) {
            now.onLocal(event);
        }
    }

    private void onRemote() {
        SyncEngine now = engine;
        if (now != null) {
            now.onRemote();
        }
    }

    void setPaused(boolean pause) {
        paused = pause;
        SyncEngine now = engine;
        if (now == null) {
            return;
        }
        if (pause) {
            now.pause();
        } else {
            now.resume();
        }
    }

    /// A person agrees to what the folder asks now; false if it asks nothing.
    boolean approve() {
        SyncEngine now = engine;
        Optional<Plan.Tally> question = now == null ? Optional.empty() : now.status().question();
        question.ifPresent(tally -> java.util.Objects.requireNonNull(now).approve(tally));
        return question.isPresent();
    }

    /// What would be done now.
    Plan preview() throws CofferException {
        return ask(SyncEngine::preview);
    }

    /// Names the state of the vault's folder as far as it is known here.
    Hash fingerprint() throws CofferException {
        return ask(SyncEngine::fingerprint);
    }

    /// Leaves folders out, takes others in; false, with nothing done, if what is here of one to be left out is not as in the vault.
    boolean choose(Set<NodeId> without, Set<NodeId> with) throws CofferException {
        return ask(now -> {
            Set<NodeId> folders = new HashSet<>(now.leftOut());
            folders.addAll(without);
            folders.removeAll(with);
            return now.leaveOut(folders);
        });
    }

    private interface Asked {
        void run(SyncEngine now) throws CofferException;
    }

    private interface Question<T> {
        T answer(SyncEngine now) throws CofferException;
    }

    /// Has the control thread answer. Nothing is done of what nobody waits for any more.
    private <T> T ask(Question<T> question) throws CofferException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        asked.add(now -> {
            if (answer.isDone()) {
                return;
            }
            try {
                answer.complete(question.answer(now));
            } catch (CofferException e) {
                answer.completeExceptionally(e);
                throw e;
            }
        });
        wake.release();
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.cancel(false);
            throw Stop.now();
        } catch (ExecutionException e) {
            throw new CofferException(ErrorCode.LOCAL, "The folder failed; it is tried again.", e);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new CofferException(ErrorCode.LOCAL, "The folder is busy; ask again in a moment.", e);
        }
    }

    @Nullable
    SyncStatus status() {
        SyncEngine now = engine;
        return now == null ? null : now.status();
    }

    Unreadable unreadable() {
        return unreadable;
    }

    @Nullable
    CofferException failure() {
        return failure;
    }

    /// When both sides were last known to be the same.
    @Nullable
    Instant agreed() {
        return agreed;
    }

    boolean isPaused() {
        return paused;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
