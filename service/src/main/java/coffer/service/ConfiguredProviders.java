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

    private static final String NOT_STATED = "not stated";
    private static final String REASON = "configured by the operator, without evaluation";

    private ConfiguredProviders() {}

    /// @throws IOException the configuration contradicts the log, or the log cannot be written
    static void state(ServiceConfig config, Providers providers, TransparencyLog log, Clock clock) throws IOException {
        List<Statement> news = statements(config, providers, log.directory(), clock.millis());
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

    /// What the configuration says and the log does not.
    static List<Statement> statements(
            ServiceConfig config, Providers providers, ProviderDirectory directory, long now) {
        List<Statement> news = new ArrayList<>();
        for (ProviderConfig provider : config.providers()) {
            PackProvider opened = providers.find(provider.id()).orElseThrow();
            add(news, directory, provider, opened, now);
        }
        config.providers().stream().map(ProviderConfig::region).distinct().forEach(region -> {
            ProviderDirectory.Region known = directory.regions().get(region);
            if (known == null || known.copies().isEmpty()) {
                news.add(new Statement.PlacementStated(now, region, config.copies()));
            }
        });
        return news;
    }

    private static void add(
            List<Statement> news, ProviderDirectory log, ProviderConfig config, PackProvider provider, long now) {
        boolean begun = news.stream()
                .anyMatch(statement -> statement instanceof Statement.RegionAdded region && region.id().equals(provider.region()));
        if (!begun && !log.regions().containsKey(provider.region())) {
            news.add(new Statement.RegionAdded(now, provider.region(), provider.region(), NOT_STATED));
        }
        Statement.ProviderStated stated = new Statement.ProviderStated(
                now,
                provider.id(),
                config.owner(),
                provider.region(),
                List.of(Origins.of(URI.create(provider.grants().origin()))),
                config.weight());
        ProviderDirectory.Provider known = log.providers().get(provider.id());
        if (known == null) {
            news.add(stated);
            news.add(new Statement.ProviderStateChanged(
                    now, provider.id(), ProviderState.ACTIVE, Statement.SHARE_MAX, REASON, Optional.empty()));
        } else if (known.state() != ProviderState.RETIRED && !isSame(known.stated(), stated)) {
            news.add(stated);
        }
    }

    private static boolean isSame(Statement.ProviderStated a, Statement.ProviderStated b) {
        return a.owner().equals(b.owner())
                && a.region().equals(b.region())
                && a.origins().equals(b.origins())
                && a.weight() == b.weight();
    }
}
