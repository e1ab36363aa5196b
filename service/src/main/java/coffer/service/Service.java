package coffer.service;

import coffer.core.CryptoAccelerator;
import coffer.core.SigningKey;
import coffer.service.ServiceConfig.Tls;
import coffer.store.BlobGrants;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running service. Closing it finishes what it has begun and leaves its folder as it was acknowledged.
public final class Service implements AutoCloseable {

    /// The server library repeats there what a request says of its host, as it came, which could forge lines of the log. Held, because loggers are
    /// forgotten, with their level, when nobody holds them.
    private static final java.util.logging.Logger REPEATS = java.util.logging.Logger.getLogger("org.eclipse.jetty.util.HostPort");

    static {
        REPEATS.setLevel(java.util.logging.Level.OFF);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(10);
    /// Listeners and requests each hold a virtual thread; bounded elsewhere, by their own limits.
    private static final int TASKS_MAX = 100_000;
    private static final int IDLE_CONNECTIONS_MAX = 2_000;

    /// Packs come in by megabytes; held only while something comes.
    private static final int INPUT_BUFFER_BYTES = 64 << 10;

    private final URI address;
    private final List<Route> routes;
    private final Metrics metrics;
    private final Sweeper sweeper;
    private final ProviderCare care;
    private final TransparencyLog transparency;
    /// What to close, last first.
    private final Deque<AutoCloseable> parts;

    private boolean closed;

    private Service(
            URI address,
            List<Route> routes,
            Metrics metrics,
            Sweeper sweeper,
            ProviderCare care,
            TransparencyLog transparency,
            Deque<AutoCloseable> parts) {
        this.routes = routes;
        this.address = address;
        this.metrics = metrics;
        this.sweeper = sweeper;
        this.care = care;
        this.transparency = transparency;
        this.parts = parts;
    }

    /// Starts a service and returns when it answers.
    ///
    /// @throws IOException the folder, the port, the database or a provider cannot be used
    public static Service start(ServiceConfig config) throws IOException {
        return start(config, Clock.systemUTC());
    }

    /// @param clock for grants, tokens and grace periods
    public static Service start(ServiceConfig config, Clock clock) throws IOException {
        return start(config, clock, 0);
    }

    /// @param pagesMax bound of the database, 0 for none: how tests fill the disk
    static Service start(ServiceConfig config, Clock clock, int pagesMax) throws IOException {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return start(config, clock, pagesMax, parts);
        } catch (IOException | RuntimeException e) {
            closeAll(parts);
            throw e;
        } catch (Exception e) {
            closeAll(parts);
            throw new IOException("the service cannot be started", e);
        }
    }

    private static Service start(ServiceConfig config, Clock clock, int pagesMax, Deque<AutoCloseable> parts)
            throws Exception {
        boolean accelerated = CryptoAccelerator.install();
        parts.push(lock(config.data()));
        Metrics metrics = new Metrics();
        ServiceSecret secret = ServiceSecret.loadOrMake(config.data().resolve("service.secret"));
        parts.push(secret);
        SqliteStorage storage = SqliteStorage.open(config.data().resolve("service.db"), metrics, pagesMax);
        parts.push(storage);

        Server server = new Server(new VirtualThreadPool(TASKS_MAX));
        ServerConnector connector = connector(server, config);
        connector.open();
        parts.push(connector);
        URI address = address(config, connector.getLocalPort());
        String base = config.origins().isEmpty() ? address.toString() : config.origins().getFirst();
        BlobGrants blobGrants =
                new BlobGrants(secret.derive("coffer/service/blob-grant/v1"), URI.create(base + "/v1/blobs"), clock);
        Providers providers = new Providers(config.copies());
        parts.push(providers);

        TlogFiles logFiles = new TlogFiles(config.data());
        TransparencyLog transparency = TransparencyLog.open(
                storage.transparency(), logFiles.loadOrMakeKey(URI.create(base).getRawAuthority() + "/tlog"), logFiles);
        parts.push(transparency);
        LogStates states = new LogStates(storage, config.logStatesMax(), metrics);
        ProviderCare care = new ProviderCare(
                config, clock, metrics, storage, states, providers, blobGrants, transparency);
        parts.push(care);
        care.begin(config);

        Sweeper sweeper = new Sweeper(storage, providers, config, clock, metrics);
        parts.push(sweeper);
        EventHub events = new EventHub(config.streamsPerDevice(), config.streamsMax());
        Mailboxes mailboxes = new Mailboxes(config.mailboxesMax(), config.mailboxLife(), System::nanoTime);
        DiskGuard disk = new DiskGuard(config.data(), config.diskReserve());
        gauges(metrics, storage, events, mailboxes, disk);
        metrics.gauge("coffer_transparency_entries", transparency::size);
        HttpHandler handler = handler(
                config, clock, secret, metrics, storage, providers, blobGrants, events, mailboxes, disk, address,
                transparency, storage.transparency(), states, care.copies(), care.mover()::poke);
        server.setHandler(new GracefulHandler(handler));
        server.setStopTimeout(DRAIN_MAX.toMillis());
        parts.push(server::stop);
        parts.push(mailboxes::close);
        parts.push(events::close);
        server.start();
        sweeper.start();
        care.start(
                AdminServer.key(secret),
                SigningKey.ofSeed(secret.derive("coffer/service/evaluation-key/v1")),
                config, metrics, providers);
        LOG.info("event=started port={} accelerated={}", connector.getLocalPort(), accelerated);
        return new Service(address, handler.routes(), metrics, sweeper, care, transparency, parts);
    }

    private static HttpHandler handler(
            ServiceConfig config,
            Clock clock,
            ServiceSecret secret,
            Metrics metrics,
            LogStorage storage,
            Providers providers,
            BlobGrants blobGrants,
            EventHub events,
            Mailboxes mailboxes,
            DiskGuard disk,
            URI address,
            TransparencyLog transparency,
            TlogStorage tiles,
            LogStates states,
            CopyStorage copies,
            Runnable vaultMoved) {
        PackService packs = new PackService(storage, copies, providers, clock, config.quotaBytes(), config.grantLife());
        LogService logs = new LogService(storage, states, packs, events, metrics, clock, config.vaultsMax(),
                new EntryQuota(storage, config.quotaBytes(), System::nanoTime),
                transparency::accountGrown, vaultMoved);
        List<String> origins = new ArrayList<>(config.origins());
        origins.add(address.toString());
        SessionApi sessions = new SessionApi(
                new Sessions(secret, config.tokenLife(), clock), states, storage, origins, address.getScheme());
        RateLimits beginnings = new RateLimits(
                config.accountsPerHour() / 3_600.0, Math.max(10, config.accountsPerHour()), System::nanoTime);
        // Addresses are named the same way for every limit.
        HttpHandler[] self = new HttpHandler[1];
        List<Route> routes = Routes.of(
                new OperatorApi(config, providers, storage, disk, metrics, clock, transparency),
                sessions,
                new LogApi(logs, storage, beginnings, exchange -> self[0].addressKey(exchange), disk),
                new PackApi(logs, states, packs, disk),
                new BlobApi(blobGrants, providers, metrics),
                new MailboxApi(mailboxes),
                new EventApi(events, logs, clock, metrics, config.idleTimeout()),
                new TlogApi(transparency, tiles));
        self[0] = new HttpHandler(routes, sessions::authenticate, config, metrics);
        return self[0];
    }

    private static void gauges(
            Metrics metrics, SqliteStorage storage, EventHub events, Mailboxes mailboxes, DiskGuard disk) {
        metrics.gauge("coffer_storage_waiting", storage::waiting);
        metrics.gauge("coffer_event_streams", events::size);
        metrics.gauge("coffer_mailboxes", mailboxes::size);
        metrics.gauge("coffer_disk_free_bytes", disk::free);
        RecentTotals totals = new RecentTotals(storage);
        metrics.gauge("coffer_accounts", totals.gauge(LogStorage.Totals::accounts));
        metrics.gauge("coffer_vaults", totals.gauge(LogStorage.Totals::vaults));
        metrics.gauge("coffer_entries", totals.gauge(LogStorage.Totals::entries));
        metrics.gauge("coffer_packs", totals.gauge(LogStorage.Totals::packs));
        metrics.gauge("coffer_pack_bytes", totals.gauge(LogStorage.Totals::packBytes));
    }

    /// One service per folder: two would each believe to be the only writer.
    private static AutoCloseable lock(Path data) throws IOException {
        if (!Files.exists(data)) {
            Files.createDirectories(
                    data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        FileChannel channel = FileChannel.open(
                data.resolve("service.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // The same process holds it: said below.
        }
        channel.close();
        throw new IOException("another service runs on this folder");
    }

    private static ServerConnector connector(Server server, ServiceConfig config) throws IOException {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(8 << 10);
        http.setResponseHeaderSize(8 << 10);
        http.setIdleTimeout(config.idleTimeout().toMillis());
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        plain.setInputBufferSize(INPUT_BUFFER_BYTES);
        Optional<SslContextFactory.Server> tls = tls(config);
        ServerConnector connector = tls.isPresent()
                ? new ServerConnector(server, tls.get(), plain)
                : new ServerConnector(server, 1, 1, plain);
        String host = config.host();
        connector.setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        connector.setPort(config.port());
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        connector.setAcceptQueueSize(1_024);
        server.addConnector(connector);
        // Every stream and request has a connection; some more may be idle.
        server.addBean(new NetworkConnectionLimit(
                config.streamsMax() + 4 * config.requestsMax() + IDLE_CONNECTIONS_MAX, connector));
        return connector;
    }

    private static Optional<SslContextFactory.Server> tls(ServiceConfig config) throws IOException {
        return switch (config.tls()) {
            case Tls.None _ -> Optional.empty();
            case Tls.Keystore keystore -> {
                SslContextFactory.Server factory = new SslContextFactory.Server();
                factory.setKeyStorePath(keystore.keystore().toString());
                factory.setKeyStoreType("PKCS12");
                factory.setKeyStorePassword(
                        Files.readAllLines(keystore.passwordFile()).getFirst());
                factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
                yield Optional.of(factory);
            }
        };
    }

    private static URI address(ServiceConfig config, int port) {
        String scheme = config.tls() instanceof Tls.None ? "http" : "https";
        String host = config.host().equals("0.0.0.0") || config.host().equals("[::]") ? "127.0.0.1" : config.host();
        return URI.create(scheme + "://" + host + ":" + port);
    }

    /// Where it answers: scheme, host and port.
    public URI address() {
        return address;
    }

    /// What it has counted, in the Prometheus text format.
    public String metricsText() {
        return metrics.text();
    }

    List<Route> routes() {
        return routes;
    }

    Metrics metrics() {
        return metrics;
    }

    TransparencyLog transparency() {
        return transparency;
    }

    Sweeper sweeper() {
        return sweeper;
    }

    ProviderCare care() {
        return care;
    }

    /// Ends event streams, waits for requests in flight, then for the writer; at most some seconds. Idempotent.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            closeAll(parts);
            LOG.info("event=stopped");
        }
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                // One part that does not close must not keep the others open.
                LOG.warn("event=close outcome=failed", e);
            }
        }
    }
}
