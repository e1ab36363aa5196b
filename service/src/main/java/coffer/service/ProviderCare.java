package coffer.service;

import coffer.core.SigningKey;
import coffer.store.BlobGrants;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Everything that looks after providers and the copies with them while the service runs: what the operator decides, what
/// follows from it in the background, and the port for both.
final class ProviderCare implements AutoCloseable {

    private final ProviderRegistry registry;
    private final CopyStorage copies;
    private final CopyMover mover;
    private final CopyProver prover;
    private final ProviderWatch watch;
    private final ProviderOpener opener;
    private final Clock clock;
    private List<Route> routes = List.of();
    private final Deque<Closeable> parts = new ArrayDeque<>();

    /// @param transparency where every decision stands first
    ProviderCare(
            ServiceConfig config,
            Clock clock,
            Metrics metrics,
            SqliteStorage storage,
            LogStates states,
            Providers providers,
            BlobGrants blobGrants,
            TransparencyLog transparency) {
        this.copies = storage.copies();
        this.clock = clock;
        this.opener = new ProviderOpener(config.diskReserve(), blobGrants, clock);
        this.registry = new ProviderRegistry(copies, opener, providers, transparency, config.data(), clock);
        Pace pace = new Pace(config.moveRate());
        this.mover = new CopyMover(copies, providers, states, config, clock, pace, metrics);
        this.prover = new CopyProver(copies, providers, mover, config, clock, pace, metrics);
        this.watch = new ProviderWatch(providers, this::suspend, config, clock, metrics);
        registry.whenChanged(mover::poke);
    }

    /// What the watch decides is no less open than what the operator does.
    private void suspend(String provider, String reason) throws StorageException {
        try {
            registry.suspend(provider, reason);
        } catch (Problem e) {
            // The operator was faster: it is in a state from which nothing is suspended.
            return;
        }
    }

    /// Opens the providers; devices can be answered after that.
    void begin(ServiceConfig config) throws Exception {
        registry.begin(config);
    }

    /// Starts what goes on in the background, and the operator's port.
    ///
    /// @param reports signs the reports of evaluations; owned from now on
    void start(String key, SigningKey reports, ServiceConfig config, Metrics metrics, Providers providers)
            throws Exception {
        ProviderEvaluations evaluations = ProviderEvaluations.open(registry, opener, config, reports, clock);
        parts.push(evaluations);
        parts.push(mover);
        parts.push(prover);
        parts.push(watch);
        AdminApi api = new AdminApi(key, registry, providers, copies, mover, prover, evaluations);
        routes = api.routes();
        parts.push(AdminServer.start(api, key, config, metrics));
        mover.start();
        prover.start();
        watch.start();
    }

    /// Of the operator's port, once it is started.
    List<Route> routes() {
        return routes;
    }

    ProviderRegistry registry() {
        return registry;
    }

    CopyStorage copies() {
        return copies;
    }

    CopyMover mover() {
        return mover;
    }

    CopyProver prover() {
        return prover;
    }

    ProviderWatch watch() {
        return watch;
    }

    @Override
    public void close() throws IOException {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
