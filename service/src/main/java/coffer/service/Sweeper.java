package coffer.service;

import coffer.service.LogStorage.DoomedPack;
import coffer.store.ObjectName;
import coffer.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes packs whose grace is over: first phase, storage takes them out of use, so that no entry and no upload can count on
/// them any more; second phase, their objects are deleted; last, storage forgets them. A crash anywhere in between is
/// repaired by the next sweep, and an object is only ever deleted after nothing refers to it.
///
/// Grace is measured by this service's clock from the time it saw the release.
final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int BATCH = 256;

    private final LogStorage storage;
    private final Providers providers;
    private final Clock clock;
    private final Duration releasedGrace;
    private final Duration reservedGrace;
    private final Metrics metrics;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    Sweeper(LogStorage storage, Providers providers, ServiceConfig config, Clock clock, Metrics metrics) {
        this.storage = storage;
        this.providers = providers;
        this.clock = clock;
        this.releasedGrace = config.releasedGrace();
        this.reservedGrace = config.reservedGrace();
        this.metrics = metrics;
        long everyMillis = config.sweepEvery().toMillis();
        this.thread = Thread.ofVirtual().name("sweeper").unstarted(() -> run(everyMillis));
    }

    void start() {
        thread.start();
    }

    private void run(long everyMillis) {
        try {
            while (!stop.await(everyMillis, TimeUnit.MILLISECONDS)) {
                try {
                    sweep();
                } catch (StorageException e) {
                    LOG.warn("event=sweep outcome=storage-failed reason={}", e.reason());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Deletes what is due now, and returns how many packs are gone.
    int sweep() throws StorageException {
        Instant now = clock.instant();
        int swept = 0;
        while (stop.getCount() > 0) {
            List<DoomedPack> doomed =
                    storage.doom(now.minus(releasedGrace), now.minus(reservedGrace), BATCH);
            int gone = 0;
            for (DoomedPack pack : doomed) {
                if (delete(pack)) {
                    storage.forget(pack);
                    gone++;
                }
            }
            swept += gone;
            if (doomed.size() < BATCH || gone == 0) {
                break;
            }
        }
        if (swept > 0) {
            metrics.add("coffer_packs_swept_total", "", swept);
            LOG.info("event=sweep outcome=done packs={}", swept);
        }
        return swept;
    }

    private boolean delete(DoomedPack pack) {
        for (String id : pack.providers()) {
            var provider = providers.find(id);
            try {
                if (provider.isPresent()) {
                    provider.get().store().delete(ObjectName.of(pack.pack()));
                }
            } catch (StoreException e) {
                metrics.count("coffer_sweep_failures_total");
                return false;
            }
        }
        return true;
    }

    /// Lets the pack at hand be finished, then ends.
    @Override
    public void close() {
        stop.countDown();
        try {
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
