package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.attack.LeakSearch;
import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import coffer.media.Media;
import coffer.media.mail.FromQuoting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A device is killed, as by `kill -9`, at moments drawn from a seed, while it stores, fetches and brings mail in; no open content is in its home after
/// it was opened again, and none ever in the machine's folder for temporary files.
///
/// What `get` writes is the person's, and so is what is staged inside a synced folder. The index of mail (`media.db`) holds what lists show, by design.
///
/// `-Dcoffer.kills=300` kills that often; `-Dcoffer.seed=N` replays one run.
class ResidueTest {

    private static final int KILLS = Integer.getInteger("coffer.kills", 5);
    private static final long SEED = Long.getLong("coffer.seed", 20_261_124L);
    private static final String CANARY = "canary-in-content-5e81";

    @TempDir
    Path folder = Path.of("");

    private final Random random = new Random(SEED);
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    /// Stores, fetches and imports in turn, for ever.
    static final class Busy {
        private Busy() {}

        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            Processes.run(folder.resolve("home").toString(), device -> {
                for (int round = 0; ; round++) {
                    work(device, folder, round);
                }
            });
        }

        private static void work(Device device, Path folder, int round) throws CofferException {
            device.put(List.of(folder.resolve("source")), "/", Progress.SILENT);
            try (Media media = Media.of(device)) {
                media.mail().bring(List.of(folder.resolve("Inbox.mbox")), "/mail " + round, FromQuoting.RD, Progress.SILENT);
            }
            device.get("/", folder.resolve("fetched " + round), false, Progress.SILENT);
            device.remove("/source");
        }
    }

    private void sources() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        for (int i = 0; i < 60; i++) {
            String text = (CANARY + " number " + i + "\n").repeat(i % 20 == 0 ? 60_000 : 200);
            Files.writeString(source.resolve("file " + i), text);
        }
        StringBuilder mbox = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            mbox.append("From ").append(CANARY).append("@example.org Fri Nov 21 09:55:06 1997\n")
                    .append("From: a@example.org\nSubject: number ").append(i).append("\n\n")
                    .append(CANARY).append(" in a message ").append(i).append("\n\n");
        }
        Files.writeString(folder.resolve("Inbox.mbox"), mbox);
    }

    @Test
    void aDeviceThatIsKilled_leavesNoOpenContent() throws Exception {
        int port = Processes.freePort();
        started.add(Processes.service(folder.resolve("service"), port));
        DeviceSetup.Created created = new LocalDeviceSetup().create(folder.resolve("home"), Processes.address(port), "killed");
        created.device().close();
        sources();
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        for (int kill = 0; kill < KILLS; kill++) {
            List<String> command = new ArrayList<>(Processes.command(Busy.class, folder.toString()));
            command.add(1, "-Djava.io.tmpdir=" + temporary);
            Process busy = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("device.log").toFile()))
                    .start();
            started.add(busy);
            assertThat(busy.waitFor(900 + random.nextInt(2_500), TimeUnit.MILLISECONDS)).as("it works until it is killed").isFalse();
            Processes.kill(busy);
            assertThat(hits(temporary)).as("seed %d, kill %d, folder for temporary files", SEED, kill).isEmpty();
            assertThat(hits(folder.resolve("home")).stream().map(Object::toString).filter(file -> !file.startsWith("temporary/")))
                    .as("seed %d, kill %d, before the device is opened", SEED, kill)
                    .isEmpty();
            new LocalDeviceSetup().open(folder.resolve("home")).close();
            assertThat(hits(folder.resolve("home"))).as("seed %d, kill %d", SEED, kill).isEmpty();
        }
        assertThat(hits(folder.resolve("source"))).as("what is searched for is found where it is").isNotEmpty();
    }

    private static List<Path> hits(Path where) throws IOException {
        LeakSearch search = new LeakSearch();
        search.add("content", CANARY.getBytes(StandardCharsets.UTF_8));
        return search.search(where).hits().stream()
                .map(hit -> where.relativize(hit.file()))
                .filter(file -> !file.toString().startsWith("media.db"))
                .distinct()
                .toList();
    }
}
