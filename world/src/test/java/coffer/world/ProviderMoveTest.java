package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import coffer.store.ObjectName;
import coffer.store.S3Location;
import coffer.store.S3ProxyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cloud moves from a folder to a bucket of a real S3 server that was evaluated and admitted in stages, while a person
/// goes on storing and reading, and the service is restarted after every step and in the middle of evaluating and moving.
class ProviderMoveTest {

    private static final int FILES = 12;

    @TempDir
    Path folder = Path.of("");

    private S3ProxyServer server;
    private Service service;
    private Device device;
    private Operator operator;
    private int port;
    private final AheadClock clock = new AheadClock();

    @BeforeEach
    void startAll() throws Exception {
        server = S3ProxyServer.start();
        port = Processes.freePort();
        startService();
        operator = new Operator(folder.resolve("service"));
        device = new LocalDeviceSetup()
                .create(folder.resolve("home"), service.address(), "first")
                .device();
    }

    private void startService() throws Exception {
        service = Service.start(ServiceConfig.parse(Map.of(
                "data", folder.resolve("service").toString(),
                "listen", "127.0.0.1:" + port,
                "providers", "far",
                "grant-life", "PT2M",
                "reserved-grace", "PT2M",
                "sweep-every", "PT0.5S",
                "move-every", "PT0.2S")), clock);
    }

    @AfterEach
    void stopAll() throws CofferException, IOException {
        operator.close();
        device.close();
        service.close();
        server.close();
    }

    @Test
    void aCloudMovesToAProviderThatWasEvaluated_whilePeopleWork() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source"));
        Random random = new Random(3);
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[200_000 + i];
            random.nextBytes(content);
            Files.write(source.resolve("file " + i), content);
            // One pack each, so that there is something to move.
            assertThat(device.put(List.of(source.resolve("file " + i)), "/", Progress.SILENT).problems()).isEmpty();
        }
        addBucket();
        restart();
        operator.evaluate("near", "PT3S", lenient());
        assertThatThrownBy(() -> operator.change("near", "admit", 1_000)).hasMessageContaining("409");
        restart();
        operator.await("near", provider -> !provider.get("state").asText().equals("evaluating"));
        assertThat(operator.provider("near").get("state").asText())
                .as(operator.evaluation("near").toPrettyString())
                .isEqualTo("qualified");
        restart();

        List<Throwable> failures = new ArrayList<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread person = Thread.ofPlatform().start(() -> work(source, done, failures));
        operator.change("near", "admit", 10);
        restart();
        operator.change("near", "admit", 100);
        restart();
        operator.change("near", "admit", 1_000);
        restart();
        operator.await("near", provider -> provider.get("toWrite").asLong() == 0);
        operator.change("far", "drain", 0);
        restart();
        operator.await("far", provider -> provider.get("copies").asLong() == 0);
        assertThatThrownBy(() -> operator.change("far", "retire", 0)).hasMessageContaining("It still holds");
        clock.advance(Duration.ofMinutes(5));
        operator.await("far", provider -> provider.get("leaving").asLong() == 0);
        operator.change("far", "retire", 0);
        restart();
        assertThat(operator.provider("far").get("state").asText()).isEqualTo("retired");
        done.set(true);
        person.join();
        assertThat(failures).isEmpty();

        assertThat(objectsOfFar()).isEmpty();
        assertThat(device.verify(true, Progress.SILENT).problems()).isEmpty();
        Path copy = folder.resolve("copy");
        assertThat(device.get("/", copy, false, Progress.SILENT).problems()).isEmpty();
        for (int i = 0; i < FILES; i++) {
            assertThat(Files.mismatch(source.resolve("file " + i), copy.resolve("file " + i))).isEqualTo(-1);
        }
        assertThat(operator.provider("near").get("damaged").asLong()).isZero();
    }

    /// Criteria of correctness alone: how fast a loaded machine is proves nothing.
    private static Map<String, String> lenient() {
        Map<String, String> criteria = new HashMap<>(
                Map.of("upload-min", "1B", "download-min", "1B", "throughput-bytes", "1MiB", "availability", "50%"));
        for (String operation : List.of("put", "get", "stat")) {
            for (String percentile : List.of("p50", "p95", "p99")) {
                criteria.put(operation + "-" + percentile, "PT1M");
            }
        }
        return criteria;
    }

    private void addBucket() throws Exception {
        S3Location bucket = server.newBucket();
        Path accessKey = Files.writeString(folder.resolve("access-key"), S3ProxyServer.ACCESS_KEY);
        Path secretKey = Files.writeString(folder.resolve("secret-key"), S3ProxyServer.SECRET_KEY);
        operator.addProvider("near", Map.of(
                "kind", "s3",
                "owner", "Near",
                "endpoint", server.endpoint().toString(),
                "bucket", bucket.bucket(),
                "access-key-file", accessKey.toString(),
                "secret-key-file", secretKey.toString()));
    }

    private void restart() throws Exception {
        service.close();
        startService();
    }

    /// Stores and reads, again and again; a device rides out a service that is restarted.
    private void work(Path source, AtomicBoolean done, List<Throwable> failures) {
        Random random = new Random(5);
        try {
            for (int i = 0; !done.get(); i++) {
                Path more = Files.writeString(folder.resolve("more " + i), "number " + i);
                again(() -> device.put(List.of(more), "/", Progress.SILENT));
                String name = "file " + random.nextInt(FILES);
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                again(() -> {
                    read.reset();
                    device.read("/" + name, read);
                    return read;
                });
                assertThat(read.toByteArray()).isEqualTo(Files.readAllBytes(source.resolve(name)));
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private interface Work<T> {
        T run() throws CofferException;
    }

    /// As a person would: when the service was just not there, once more.
    private static <T> T again(Work<T> work) throws CofferException {
        for (int i = 0; ; i++) {
            try {
                return work.run();
            } catch (CofferException e) {
                if (i == 10 || e.code() != ErrorCode.UNAVAILABLE) {
                    throw e;
                }
            }
        }
    }

    private List<Path> objectsOfFar() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("service/providers/far"))) {
            return files.filter(file -> ObjectName.isName(file.getFileName().toString())).toList();
        }
    }
}
