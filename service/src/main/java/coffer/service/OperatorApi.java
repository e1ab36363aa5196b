package coffer.service;

import coffer.core.Hash;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.api.ServiceInfo;
import coffer.core.api.ServiceLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.eclipse.jetty.http.HttpHeader;

/// What the service says about itself, to devices and to the operator's tools.
final class OperatorApi {

    static final String VERSION = "0.1.0";

    private final ServiceConfig config;
    private final Providers providers;
    private final LogStorage storage;
    private final DiskGuard disk;
    private final Metrics metrics;
    private final Clock clock;
    private final TransparencyLog transparency;

    OperatorApi(
            ServiceConfig config,
            Providers providers,
            LogStorage storage,
            DiskGuard disk,
            Metrics metrics,
            Clock clock,
            TransparencyLog transparency) {
        this.config = config;
        this.providers = providers;
        this.storage = storage;
        this.disk = disk;
        this.metrics = metrics;
        this.clock = clock;
        this.transparency = transparency;
    }

    void info(Exchange exchange) throws IOException {
        ServiceLimits limits = new ServiceLimits(
                Limits.ENTRY_BYTES_MAX,
                Limits.PACK_BYTES_MAX,
                Limits.PAGE_ENTRIES_MAX,
                PackApi.PACKS_MAX,
                Mailboxes.LETTER_BYTES_MAX,
                MailboxApi.WAIT_SECONDS_MAX);
        exchange.sendJson(
                200,
                new ServiceInfo(
                        config.name(),
                        VERSION,
                        clock.millis(),
                        limits,
                        providers.regions(),
                        transparency.verifier().text()));
    }

    /// Whether the process lives.
    void health(Exchange exchange) throws IOException {
        exchange.send(200, "text/plain", "ok\n".getBytes(StandardCharsets.US_ASCII));
    }

    /// Whether it can do its work: read its database, and write to its disk.
    void ready(Exchange exchange) throws Problem, StorageException, IOException {
        storage.find(new LogId(Hash.of(new byte[0]).value()));
        disk.requireRoom();
        exchange.send(200, "text/plain", "ready\n".getBytes(StandardCharsets.US_ASCII));
    }

    /// Not for those who come through a proxy: totals are the operator's.
    void metrics(Exchange exchange) throws Problem, IOException {
        if (exchange.header(HttpHeader.X_FORWARDED_FOR).isPresent()
                || exchange.header(HttpHeader.FORWARDED).isPresent()) {
            throw Problem.of(ProblemType.NOT_FOUND);
        }
        exchange.send(
                200, "text/plain; version=0.0.4; charset=utf-8", metrics.text().getBytes(StandardCharsets.UTF_8));
    }
}
