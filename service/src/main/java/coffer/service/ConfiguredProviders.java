package coffer.service;

import coffer.core.tlog.Origins;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderDirectory.IllegalStatementException;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.service.ServiceConfig.ProviderConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// States in the transparency log what the configuration says of regions and providers and the log does not say yet. A
/// provider's state is the operator's to change afterwards: what stands there is left alone.
final class ConfiguredProviders {

    static final String OWNER = "the operator of this service";
    private static final String NOT_STATED = "not stated";
    private static final String REASON = "configured by the operator, without evaluation";

    private ConfiguredProviders() {}

    /// @throws IOException the configuration contradicts the log, or the log cannot be written
    static void state(ServiceConfig config, Providers providers, TransparencyLog log, Clock clock) throws IOException {
        List<Statement> news = new ArrayList<>();
        long now = clock.millis();
        for (ProviderConfig provider : config.providers()) {
            PackProvider opened = providers.find(provider.id()).orElseThrow();
            add(news, log.directory(), opened, now);
        }
        config.providers().stream().map(ProviderConfig::region).distinct().forEach(region -> {
            ProviderDirectory.Region known = log.directory().regions().get(region);
            if (known == null || !known.copies().equals(Optional.of(config.copies()))) {
                news.add(new Statement.PlacementStated(now, region, config.copies()));
            }
        });
        if (news.isEmpty()) {
            return;
        }
        try {
            log.append(news);
        } catch (IllegalStatementException e) {
            throw new IOException("the configuration contradicts the transparency log: " + e.reason()
                    + "; give a provider that changes another id", e);
        } catch (StorageException e) {
            throw new IOException("the transparency log cannot be written", e);
        }
    }

    private static void add(List<Statement> news, ProviderDirectory log, PackProvider provider, long now) {
        boolean begun = news.stream()
                .anyMatch(statement -> statement instanceof Statement.RegionAdded region && region.id().equals(provider.region()));
        if (!begun && !log.regions().containsKey(provider.region())) {
            news.add(new Statement.RegionAdded(now, provider.region(), provider.region(), NOT_STATED));
        }
        List<String> origins = List.of(Origins.of(URI.create(provider.grants().origin())));
        ProviderDirectory.Provider known = log.providers().get(provider.id());
        if (known == null) {
            news.add(new Statement.ProviderStated(
                    now, provider.id(), OWNER, provider.region(), origins, Statement.WEIGHT_USUAL));
            news.add(new Statement.ProviderStateChanged(
                    now, provider.id(), ProviderState.ACTIVE, Statement.SHARE_MAX, REASON, Optional.empty()));
        } else if (!known.region().equals(provider.region()) || !known.stated().origins().equals(origins)) {
            news.add(new Statement.ProviderStated(
                    now,
                    provider.id(),
                    known.stated().owner(),
                    provider.region(),
                    origins,
                    known.stated().weight()));
        }
    }
}
