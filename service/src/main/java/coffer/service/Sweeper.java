package coffer.service;

import coffer.service.LogStorage.DoomedPack;
import coffer.store.ObjectName;
import coffer.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private final Periodic periodic;

    Sweeper(LogStorage storage, Providers providers, ServiceConfig config, Clock clock, Metrics metrics) {
        this.storage = storage;
        this.providers = providers;
        this.clock = clock;
        this.releasedGrace = config.releasedGrace();
        this.reservedGrace = config.reservedGrace();
        this.metrics = metrics;
        this.periodic = new Periodic("sweep", config.sweepEvery(), this::sweep);
    }

    void start() {
        periodic.start();
    }

    /// Deletes what is due now, and returns how many packs are gone.
    int sweep() throws StorageException {
        Instant now = clock.instant();
        int swept = 0;
        while (!periodic.isStopping()) {
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
        periodic.close();
    }
}
