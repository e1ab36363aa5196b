package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private Process startService(String... settings) throws IOException, InterruptedException {
        Process process = Processes.service(folder.resolve("service"), port, settings);
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

    /// Returns the recovery words.
    private String createAccount() throws CofferException {
        DeviceSetup.Created created =
                new LocalDeviceSetup().create(folder.resolve("home"), Processes.address(port), "killed");
        created.device().close();
        return created.recoveryWords();
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

    /// What is released is deleted at once, so that releasing too much would be seen.
    @Test
    void collectionsAndSnapshotsThatAreKilledAgainAndAgainLoseNothing()
            throws IOException, CofferException, InterruptedException {
        String[] settings = {"released-grace=PT1S", "sweep-every=PT1S"};
        Process service = startService(settings);
        String words = createAccount();
        Path source = source();
        for (int kill = 0; kill < KILLS; kill++) {
            Process churn = startChurn(source, kill);
            String step = List.of("put", "snapshot", "collect").get(random.nextInt(3));
            awaitBeginOf(churn, step, 1 + random.nextInt(2));
            Thread.sleep(random.nextInt(150));
            if (random.nextInt(4) == 0) {
                Processes.kill(service);
                service = startService(settings);
                Thread.sleep(random.nextInt(300));
            }
            Processes.kill(churn);
        }
        try (Device device = new LocalDeviceSetup().open(folder.resolve("home"))) {
            device.emptyTrash(Optional.empty()); // what a kill left there; the check counts it
            device.collect(Progress.SILENT);
        }
        finishAndCompare(source);
        try (Device device = new LocalDeviceSetup()
                .recover(
                        folder.resolve("second"),
                        Processes.address(port),
                        words,
                        "second",
                        new DeviceSetup.Keep.All(),
                        Progress.SILENT)) {
            Device.VerifyReport verified = device.verify(true, Progress.SILENT);
            assertThat(verified.problems()).as("seed %d", SEED).isEmpty();
            assertThat(verified.files()).isEqualTo(400);
        }
    }

    private Process startChurn(Path source, int kill) throws IOException {
        Process process = new ProcessBuilder(Processes.command(
                        Processes.ChurnMain.class, folder.resolve("home").toString(), source.toString(), "" + kill))
                .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("device.log").toFile()))
                .start();
        started.add(process);
        return process;
    }

    /// Reads what the process says until it begins `what` for that time, or ends because its service was killed.
    private void awaitBeginOf(Process process, String what, int times) throws IOException {
        BufferedReader lines = process.inputReader();
        int seen = 0;
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            if (line.equals("begin " + what) && ++seen == times) {
                return;
            }
        }
        assertThat(said.toString()).as("seed %d", SEED).contains("UNAVAILABLE");
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
