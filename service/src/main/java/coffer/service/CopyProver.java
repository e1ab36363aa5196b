package coffer.service;

import coffer.service.CopyStorage.Due;
import java.io.Closeable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads every copy again and again, the one proven longest ago first, and verifies its SHA-256 (scrub). What is found
/// damaged is given to nobody any more and replaced by the mover.
final class CopyProver implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(CopyProver.class);
    private static final int PAGE = 64;

    /// A provider that cannot be asked so often in a row is left alone until the next round.
    private static final int UNKNOWN_MAX = 3;

    private final CopyStorage copies;
    private final Providers providers;
    private final CopyMover mover;
    private final Clock clock;
    private final Duration within;
    private final Pace pace;
    private final Metrics metrics;
    private final Periodic periodic;

    CopyProver(
            CopyStorage copies,
            Providers providers,
            CopyMover mover,
            ServiceConfig config,
            Clock clock,
            Pace pace,
            Metrics metrics) {
        this.copies = copies;
        this.providers = providers;
        this.mover = mover;
        this.clock = clock;
        this.within = config.provenWithin();
        this.pace = pace;
        this.metrics = metrics;
        this.periodic = new Periodic("prove", config.moveEvery(), this::round);
    }

    void start() {
        periodic.start();
    }

    void poke() {
        periodic.poke();
    }

    /// Proves what is due with every provider.
    void round() throws StorageException, InterruptedException {
        boolean damage = false;
        for (PackProvider provider : providers.serving()) {
            damage |= prove(provider);
        }
        if (damage) {
            mover.poke();
        }
    }

    private boolean prove(PackProvider provider) throws StorageException, InterruptedException {
        Instant before = clock.instant().minus(within);
        boolean damage = false;
        int unknown = 0;
        while (true) {
            long done = 0;
            List<Due> due = copies.unproven(provider.id(), before, PAGE);
            for (Due copy : due) {
                if (periodic.isStopping() || unknown >= UNKNOWN_MAX) {
                    return damage;
                }
                pace.take(copy.size());
                switch (CopyCheck.of(provider.store(), copy.pack(), copy.size())) {
                    case RIGHT -> {
                        unknown = 0;
                        done += copies.proven(copy.number(), provider.id(), clock.instant()) ? 1 : 0;
                        metrics.count("coffer_copies_proven_total");
                    }
                    case WRONG -> {
                        damage = true;
                        done++;
                        copies.damaged(copy.number(), provider.id());
                        metrics.count("coffer_copies_damaged_total");
                        LOG.warn("event=prove outcome=damaged provider={}", provider.id());
                    }
                    case UNKNOWN -> unknown++;
                }
            }
            if (due.size() < PAGE || done == 0) {
                return damage;
            }
        }
    }

    @Override
    public void close() {
        periodic.close();
    }
}
