package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.LogId;
import coffer.core.PackId;
import coffer.service.LogStorage.Reservation;
import coffer.store.ObjectName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Deletion in two phases, stopped between them.
class SweeperTest {

    private static final LogId VAULT = LogStorageContract.log(1);
    private static final byte[] BYTES = {1, 2, 3};

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock();
    private final Metrics metrics = new Metrics();
    private LogStorage storage;
    private Providers providers;
    private ServiceConfig config;

    @BeforeEach
    void open() throws Exception {
        config = ServiceConfig.parse(Map.of("data", folder.toString(), "disk-reserve", "0"));
        storage = SqliteStorage.open(folder.resolve("service.db"), metrics);
        providers = ProvidersTest.opened(config, clock);
        storage.append(LogStorageContract.genesis(VAULT, VAULT, true));
    }

    @AfterEach
    void close() {
        providers.close();
        storage.close();
    }

    @Test
    void aStopBetweenThePhases_isFinishedByTheNextSweep() throws Exception {
        PackId pack = stored();
        clock.advance(Duration.ofDays(2));
        storage.doom(clock.instant(), clock.instant(), 10);
        assertThat(isThere(pack)).as("marked, not yet deleted").isTrue();
        assertThat(sweeper().sweep()).isEqualTo(1);
        assertThat(isThere(pack)).isFalse();
        assertThat(sweeper().sweep()).isZero();
        assertThat(storage.totals().packs()).isZero();
    }

    @Test
    void anObjectThatIsGoneAlready_isNoHindrance() throws Exception {
        PackId pack = stored();
        providers.find("local").orElseThrow().store().delete(ObjectName.of(pack));
        clock.advance(Duration.ofDays(2));
        assertThat(sweeper().sweep()).isEqualTo(1);
    }

    @Test
    void aProviderThatFails_keepsThePackForTheNextSweep() throws Exception {
        PackId pack = stored();
        clock.advance(Duration.ofDays(2));
        providers.close();
        assertThat(sweeper().sweep()).isZero();
        assertThat(metrics.value("coffer_sweep_failures_total", "")).isPositive();
        assertThat(storage.totals().packs()).isEqualTo(1);
        providers = ProvidersTest.opened(config, clock);
        assertThat(sweeper().sweep()).isEqualTo(1);
        assertThat(isThere(pack)).isFalse();
    }

    @Test
    void manyPacks_areSweptInSeveralBatches() throws Exception {
        for (int i = 0; i < 600; i++) {
            PackId pack = PackId.of(ObjectName.ofContent(new byte[] {(byte) i, (byte) (i >> 8)}).sha256().toArray());
            storage.reserve(VAULT, List.of(new Reservation(pack, 2, List.of("local"))), Long.MAX_VALUE, clock.instant());
        }
        clock.advance(Duration.ofDays(2));
        assertThat(sweeper().sweep()).isEqualTo(600);
    }

    private PackId stored() throws Exception {
        ObjectName name = ObjectName.ofContent(BYTES);
        PackId pack = new PackId(name.sha256().value());
        storage.reserve(
                VAULT, List.of(new Reservation(pack, BYTES.length, List.of("local"))), Long.MAX_VALUE, clock.instant());
        providers.find("local").orElseThrow().store().put(name, BYTES);
        return pack;
    }

    private boolean isThere(PackId pack) throws Exception {
        return providers.find("local").orElseThrow().store().stat(ObjectName.of(pack)).isPresent();
    }

    private Sweeper sweeper() {
        return new Sweeper(storage, providers, config, clock, metrics);
    }
}
