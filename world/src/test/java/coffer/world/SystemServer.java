package coffer.world;

import coffer.store.S3Bucket;
import coffer.store.S3Credentials;
import coffer.store.S3Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/// A real S3 server of another project, started by one of the scripts in `world/servers` in a folder of its own on free ports of
/// the loopback interface.
final class SystemServer implements AutoCloseable {

    private static final Path SCRIPTS = Path.of("servers").toAbsolutePath();
    private static final String REGION = "us-east-1";
    private static final String BUCKET = "packs";

    /// What the scripts answer when the server's packages are not there.
    private static final int NOT_INSTALLED = 69;

    private static final int PORT_MIN = 20_000;
    private static final int PORT_END = 32_000;

    private final String script;
    private final Path folder;
    private final URI endpoint;
    private final S3Credentials credentials;
    private final Map<String, String> environment;
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    private SystemServer(
            String script, Path folder, int port, S3Credentials credentials, Map<String, String> environment) {
        this.script = script;
        this.environment = environment;
        this.folder = folder;
        this.endpoint = URI.create("http://127.0.0.1:" + port);
        this.credentials = credentials;
    }

    /// Ceph's RADOS Gateway over one monitor and one OSD. Skips the test if Ceph is not installed.
    static SystemServer ceph() throws IOException, InterruptedException {
        return started(() -> {
            int[] ports = freePorts(2);
            return new SystemServer(
                    "ceph.sh",
                    Files.createTempDirectory("ceph"),
                    ports[1],
                    new S3Credentials("TESTACCESSKEY000001", "testsecretkey0000000000000000000000000001"),
                    Map.of("CEPH_MON_PORT", "" + ports[0], "CEPH_RGW_PORT", "" + ports[1]));
        });
    }

    /// OpenStack Swift behind its S3 API. Skips the test if Swift is not installed.
    static SystemServer swift() throws IOException, InterruptedException {
        return started(() -> {
            int[] ports = freePorts(4);
            return new SystemServer(
                    "swift.sh",
                    Files.createTempDirectory("swift"),
                    ports[3],
                    new S3Credentials("test:tester", "testing"),
                    Map.of("SWIFT_PORTS", ports[0] + " " + ports[1] + " " + ports[2] + " " + ports[3]));
        });
    }

    /// Ports below those that the system hands out to connections, because such a one may be taken before the server starts.
    private static int[] freePorts(int count) {
        return ThreadLocalRandom.current()
                .ints(PORT_MIN, PORT_END)
                .distinct()
                .filter(SystemServer::isFree)
                .limit(count)
                .toArray();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /// Makes a server that is not yet started.
    @FunctionalInterface
    private interface Maker {
        SystemServer make() throws IOException;
    }

    /// Twice at most: another process may have taken a port.
    private static SystemServer started(Maker maker) throws IOException, InterruptedException {
        int status = 0;
        for (int tries = 0; tries < 2; tries++) {
            SystemServer server = maker.make();
            // Servers stay in the background; they must not outlive tests that are interrupted.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
            status = server.run("start", server.environment);
            if (status == 0) {
                S3Bucket.make(server.location(""), server.credentials);
                return server;
            }
            server.close();
            Assumptions.assumeTrue(
                    status != NOT_INSTALLED,
                    "SKIPPED: the server is not installed; 'world/servers/" + server.script + " install' does it");
        }
        throw new IOException("the server does not start: status " + status);
    }

    private int run(String action, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(SCRIPTS.resolve(script).toString(), action, folder.toString());
        builder.environment().putAll(environment);
        // Not inherited: a server that stays in the background would hold the pipes of the build.
        Path log = folder.resolveSibling(folder.getFileName() + ".log");
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(script + " " + action + " does not end");
        }
        if (process.exitValue() != 0) {
            System.err.println(Files.readString(log));
        }
        Files.deleteIfExists(log);
        return process.exitValue();
    }

    S3Credentials credentials() {
        return credentials;
    }

    /// A part of the bucket that nobody has used.
    S3Location newPlace() {
        return location("place-" + places.incrementAndGet() + "/");
    }

    private S3Location location(String prefix) {
        return new S3Location(endpoint, REGION, BUCKET, prefix, true);
    }

    /// Kills what speaks S3, and starts it again; what is stored stays.
    void restart() throws IOException, InterruptedException {
        int status = run("restart", Map.of());
        if (status != 0) {
            throw new IOException(script + " restart ended with status " + status);
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            run("destroy", Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
