package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Device and service are killed, as by `kill -9`, at moments drawn from a seed, again and again; what was committed is
/// never lost, and in the end everything is there, byte for byte.
///
/// `-Dcoffer.kills=300` kills that often; `-Dcoffer.seed=N` replays one run.
class KillTest {

    private static final int KILLS = Integer.getInteger("coffer.kills", 6);
    private static final long SEED = Long.getLong("coffer.seed", 20_261_123L);

    @TempDir
    Path folder = Path.of("");

    private final Random random = new Random(SEED);
    private final List<Process> started = new ArrayList<>();
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = Processes.freePort();
    }

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    private Process startService() throws IOException, InterruptedException {
        Process process = Processes.service(folder.resolve("service"), port);
        started.add(process);
        return process;
    }

    private Process startPut(Path source) throws IOException {
        Process process = Processes.start(
                Processes.PutMain.class,
                folder.resolve("device.log"),
                folder.resolve("home").toString(),
                source.toString());
        started.add(process);
        return process;
    }

    /// Files of many sizes, some of them the same, 30 MB or so.
    private Path source() throws IOException {
        Path source = folder.resolve("source");
        for (int i = 0; i < 400; i++) {
            Path file = source.resolve("folder " + i % 7).resolve("file " + i);
            Files.createDirectories(file.getParent());
            byte[] content = new byte[i % 40 == 0 ? 2_500_000 : random.nextInt(20_000)];
            new Random(i % 300).nextBytes(content);
            Files.write(file, content);
        }
        return source;
    }

    private void createAccount() throws CofferException {
        DeviceSetup.Created created =
                new LocalDeviceSetup().create(folder.resolve("home"), Processes.address(port), "killed");
        created.device().close();
    }

    @Test
    void aPutThatIsKilledAgainAndAgainEndsWithEverythingAndSendsLittleTwice()
            throws IOException, CofferException, InterruptedException {
        startService();
        createAccount();
        Path source = source();
        for (int kill = 0; kill < KILLS; kill++) {
            Process put = startPut(source);
            if (put.waitFor(600 + random.nextInt(2_500), TimeUnit.MILLISECONDS)) {
                assertThat(put.exitValue()).as("seed %d, kill %d", SEED, kill).isZero();
            }
            Processes.kill(put);
        }
        finishAndCompare(source);
    }

    @Test
    void aServiceThatIsKilledAgainAndAgainLosesNothingItAcknowledged()
            throws IOException, CofferException, InterruptedException {
        Process service = startService();
        createAccount();
        Path source = source();
        for (int kill = 0; kill < KILLS; kill++) {
            Process put = startPut(source);
            Thread.sleep(600 + random.nextInt(2_000));
            Processes.kill(service);
            service = startService();
            put.waitFor(300 + random.nextInt(1_500), TimeUnit.MILLISECONDS);
            Processes.kill(put);
        }
        finishAndCompare(source);
    }

    private void finishAndCompare(Path source) throws CofferException, IOException {
        try (Device device = new LocalDeviceSetup().open(folder.resolve("home"))) {
            Device.PutReport report = device.put(List.of(source), "/", Progress.SILENT);
            assertThat(report.problems()).as("seed %d", SEED).isEmpty();
            Device.VerifyReport verified = device.verify(true, Progress.SILENT);
            assertThat(verified.problems()).as("seed %d", SEED).isEmpty();
            assertThat(verified.files()).isEqualTo(400);
            device.get("/", folder.resolve("copy"), false, Progress.SILENT);
        }
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path copy = folder.resolve("copy").resolve("source").resolve(source.relativize(file));
                assertThat(Files.mismatch(file, copy)).as("seed %d, %s", SEED, file).isEqualTo(-1);
            }
        }
    }
}
