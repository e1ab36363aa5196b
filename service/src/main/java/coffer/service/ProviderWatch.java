package coffer.service;

import coffer.store.ObjectName;
import coffer.store.StoreException;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Tries every active provider now and then, by writing a small object, reading it back and deleting it, and suspends one that has
/// failed for as long as is allowed: writes go elsewhere, reads ask it last.
///
/// The last provider of a region that takes packs is not suspended: there is no elsewhere, and it may come back.
final class ProviderWatch implements Closeable {

    private final Providers providers;
    private final Suspension suspension;
    private final Clock clock;
    private final Duration allowed;
    private final Metrics metrics;
    private final Periodic periodic;
    /// Used by the one thread that runs rounds.
    private final Map<String, ErrorBudget> budgets = new HashMap<>();

    /// Takes a provider out of service, in the transparency log first.
    @FunctionalInterface
    interface Suspension {
        void suspend(String provider, String reason) throws StorageException;
    }

    ProviderWatch(
            Providers providers, Suspension suspension, ServiceConfig config, Clock clock, Metrics metrics) {
        this.providers = providers;
        this.suspension = suspension;
        this.clock = clock;
        this.allowed = config.suspendAfter();
        this.metrics = metrics;
        this.periodic = new Periodic("watch", config.probeEvery(), this::round);
    }

    void start() {
        periodic.start();
    }

    void round() throws StorageException, InterruptedException {
        for (PackProvider provider : providers.active()) {
            if (periodic.isStopping()) {
                return;
            }
            ErrorBudget budget = budgets.getOrDefault(provider.id(), ErrorBudget.FULL)
                    .after(isWell(provider), clock.instant());
            budgets.put(provider.id(), budget);
            if (budget.isSpent(allowed, clock.instant()) && hasAnother(provider)) {
                suspension.suspend(provider.id(), "it failed " + budget.failures() + " probes in a row");
                budgets.remove(provider.id());
                metrics.count("coffer_providers_suspended_total");
            }
        }
    }

    private boolean hasAnother(PackProvider provider) {
        return providers.active().stream()
                .anyMatch(other -> other.region().equals(provider.region()) && !other.id().equals(provider.id()));
    }

    private static boolean isWell(PackProvider provider) {
        byte[] probe = ("coffer probe of " + provider.id()).getBytes(StandardCharsets.US_ASCII);
        ObjectName name = ObjectName.ofContent(probe);
        try {
            provider.store().put(name, probe);
            boolean right = Arrays.equals(provider.store().read(name, probe.length), probe);
            // Not left behind: whoever copies a provider's objects finds packs and nothing else.
            provider.store().delete(name);
            return right;
        } catch (StoreException e) {
            return false;
        }
    }

    @Override
    public void close() {
        periodic.close();
    }
}
