package coffer.service;

import coffer.core.Hash;
import coffer.core.tlog.Origins;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderDirectory.IllegalStatementException;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.service.CopyStorage.Amount;
import coffer.service.ServiceConfig.ProviderConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the operator decides about regions and providers. A decision is in the transparency log first and takes effect then;
/// whether it may be taken is decided there too, so that two operators at once cannot contradict each other.
final class ProviderRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderRegistry.class);

    private final CopyStorage storage;
    private final ProviderOpener opener;
    private final Providers providers;
    private final TransparencyLog log;
    private final Path folder;
    private final Clock clock;
    private final Map<String, ProviderConfig> configs = new ConcurrentHashMap<>();
    private volatile Runnable changed = () -> {};

    /// @param folder what relative paths in the settings of providers are relative to
    ProviderRegistry(
            CopyStorage storage,
            ProviderOpener opener,
            Providers providers,
            TransparencyLog log,
            Path folder,
            Clock clock) {
        this.storage = storage;
        this.opener = opener;
        this.providers = providers;
        this.log = log;
        this.folder = folder;
        this.clock = clock;
    }

    /// Opens what the configuration and the operator named, and goes on where the transparency log stands.
    ///
    /// A provider of the operator's that cannot be opened is passed over: the others' packs must stay within reach.
    ///
    /// @throws IOException a provider of the configuration cannot be opened, or contradicts the log
    void begin(ServiceConfig config) throws IOException, StorageException {
        for (ProviderConfig provider : config.providers()) {
            providers.add(opener.open(provider));
            configs.put(provider.id(), provider);
        }
        ConfiguredProviders.state(config, providers, log, clock);
        for (Map.Entry<String, Map<String, String>> kept : storage.keptProviders().entrySet()) {
            if (providers.find(kept.getKey()).isEmpty()) {
                reopen(kept.getKey(), kept.getValue());
            }
        }
        providers.follow(log.directory());
    }

    private void reopen(String id, Map<String, String> settings) {
        try {
            ProviderConfig config = ConfigReader.provider(id, settings, folder);
            providers.add(opener.open(config));
            configs.put(id, config);
        } catch (ConfigException | IOException e) {
            LOG.error("event=provider outcome=not-opened provider={} reason=\"{}\"", id, e.getMessage());
        }
    }

    /// What to do when packs may belong elsewhere than before.
    void whenChanged(Runnable action) {
        changed = action;
    }

    ProviderDirectory directory() {
        return log.directory();
    }

    void addRegion(String id, String name, String jurisdiction) throws Problem, StorageException {
        append(new Statement.RegionAdded(clock.millis(), id, name, jurisdiction));
    }

    /// How many copies packs of a region have from now on.
    void setCopies(String region, int copies) throws Problem, StorageException {
        append(new Statement.PlacementStated(clock.millis(), region, copies));
    }

    /// Adds a provider as a candidate, or gives a known one other settings; its region stays.
    ///
    /// @param settings as they stand in a configuration behind `provider.ID.`
    synchronized void addProvider(String id, Map<String, String> settings) throws Problem, StorageException {
        ProviderConfig config;
        PackProvider provider;
        try {
            config = ConfigReader.provider(id, settings, folder);
            provider = opener.open(config);
        } catch (ConfigException e) {
            throw Problem.of(ProblemType.MALFORMED, String.join("; ", e.problems()));
        } catch (IOException e) {
            throw Problem.of(ProblemType.MALFORMED, "It cannot be opened: its folder or a credential cannot be read.");
        }
        try {
            Statement.ProviderStated stated = new Statement.ProviderStated(
                    clock.millis(),
                    id,
                    config.owner(),
                    config.region(),
                    List.of(Origins.of(URI.create(provider.grants().origin()))),
                    config.weight());
            // Settings first: what stands in the log can always be opened again after a crash.
            requireLegal(stated);
            storage.keepProvider(id, ConfigWriter.provider(config, false));
            append(stated);
        } catch (Problem | StorageException | RuntimeException e) {
            provider.store().close();
            throw e;
        }
        providers.add(provider);
        configs.put(id, config);
        changed.run();
    }

    ProviderDirectory.Provider require(String provider) throws Problem {
        return known(provider).orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND, "There is no such provider."));
    }

    PackProvider open(String provider) throws Problem {
        return providers.find(provider)
                .orElseThrow(() -> Problem.of(ProblemType.NOT_SO, "The service cannot open it; see the service's log."));
    }

    ProviderConfig config(String provider) throws Problem {
        return Optional.ofNullable(configs.get(provider))
                .orElseThrow(() -> Problem.of(ProblemType.NOT_SO, "The service cannot open it; see the service's log."));
    }

    private void requireLegal(Statement statement) throws Problem {
        try {
            ProviderDirectory _ = log.directory().with(statement);
        } catch (IllegalStatementException e) {
            throw Problem.of(ProblemType.NOT_SO, sentence(e));
        }
    }

    /// @param share       of its region's new packs in per-mille
    /// @param unevaluated whether one may be admitted that has passed no evaluation
    void admit(String provider, int share, String reason, boolean unevaluated) throws Problem, StorageException {
        boolean young = known(provider)
                .filter(known ->
                        known.state() == ProviderState.CANDIDATE || known.state() == ProviderState.EVALUATING)
                .isPresent();
        if (young && !unevaluated) {
            throw Problem.of(
                    ProblemType.NOT_SO, "It has passed no evaluation. Evaluate it first, or admit it without one, openly.");
        }
        state(provider, ProviderState.ACTIVE, share, reason, report(provider));
    }

    void suspend(String provider, String reason) throws Problem, StorageException {
        state(provider, ProviderState.SUSPENDED, 0, reason, Optional.empty());
    }

    void drain(String provider, String reason) throws Problem, StorageException {
        state(provider, ProviderState.DRAINING, 0, reason, Optional.empty());
    }

    /// Ends a provider. While it holds copies that is refused, unless they are given up for lost.
    ///
    /// @return how many packs had no other copy and are lost with it
    synchronized long retire(String provider, String reason, boolean lost) throws Problem, StorageException {
        long copies = storage.amounts().stream()
                .filter(amount -> amount.provider().equals(provider))
                .mapToLong(Amount::copies)
                .sum();
        if (copies > 0 && !lost) {
            throw Problem.of(ProblemType.NOT_SO, "It still holds " + copies
                    + (copies == 1 ? " copy" : " copies") + ". Drain it and wait until it holds none; if it is gone for good, retire it as lost.");
        }
        state(provider, ProviderState.RETIRED, 0, reason, Optional.empty());
        long without = copies > 0 ? storage.abandon(provider) : 0;
        changed.run();
        return without;
    }

    void evaluating(String provider, String reason) throws Problem, StorageException {
        state(provider, ProviderState.EVALUATING, 0, reason, Optional.empty());
    }

    /// An evaluation has ended.
    ///
    /// @param report SHA-256 of what it found
    void evaluated(String provider, Hash report, boolean passed) throws Problem, StorageException {
        if (!report(provider).equals(Optional.of(report))) {
            append(new Statement.EvaluationReported(clock.millis(), provider, report, passed));
        }
        if (known(provider).filter(known -> known.state() == ProviderState.EVALUATING).isPresent()) {
            state(
                    provider,
                    passed ? ProviderState.QUALIFIED : ProviderState.CANDIDATE,
                    0,
                    passed ? "it passed its evaluation" : "it failed its evaluation",
                    Optional.of(report));
        }
    }

    /// An evaluation ended without a report.
    void notEvaluated(String provider) throws Problem, StorageException {
        if (known(provider).filter(known -> known.state() == ProviderState.EVALUATING).isPresent()) {
            state(provider, ProviderState.CANDIDATE, 0, "its evaluation ended without a report", Optional.empty());
        }
    }

    private Optional<Hash> report(String provider) {
        return known(provider).flatMap(ProviderDirectory.Provider::report);
    }

    private Optional<ProviderDirectory.Provider> known(String provider) {
        return Optional.ofNullable(log.directory().providers().get(provider));
    }

    private void state(String provider, ProviderState state, int share, String reason, Optional<Hash> report)
            throws Problem, StorageException {
        append(new Statement.ProviderStateChanged(clock.millis(), provider, state, share, reason, report));
    }

    private void append(Statement statement) throws Problem, StorageException {
        try {
            log.append(statement);
        } catch (IllegalStatementException e) {
            throw Problem.of(ProblemType.NOT_SO, sentence(e));
        }
        providers.follow(log.directory());
        changed.run();
    }

    private static String sentence(IllegalStatementException e) {
        return "That may not be: " + e.reason() + ".";
    }
}
