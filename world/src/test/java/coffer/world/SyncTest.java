package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.Device;
import coffer.device.DeviceSetup;
import coffer.device.LocalDeviceSetup;
import coffer.device.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two devices with real folders, each in a process of its own, and a service in a third: both folders come to be the
/// same, and nothing that was written is lost, whoever is killed meanwhile.
///
/// `-Dcoffer.seed=N` replays the edits of one run.
class SyncTest {

    private static final long SEED = Long.getLong("coffer.seed", 20_261_124L);
    private static final int ROUNDS = Integer.getInteger("coffer.rounds", 4);
    private static final int EDITS = 40;

    /// Milliseconds between two edits, at most: more than the default, with more rounds, makes a long quiet run.
    private static final int PAUSE_MS = Integer.getInteger("coffer.pause", 15);

    @TempDir
    Path folder = Path.of("");

    private final Random random = new Random(SEED);
    private final List<Process> started = new ArrayList<>();
    private Path left = Path.of("");
    private Path right = Path.of("");

    /// A device at work until it is killed.
    static final class DeviceMain {
        private DeviceMain() {}

        public static void main(String[] arguments) throws InterruptedException, CofferException {
            try (Device device = new LocalDeviceSetup().open(Path.of(arguments[0]))) {
                device.refresh();
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    @BeforeEach
    void makeDevices() throws IOException, InterruptedException, CofferException {
        left = folder.resolve("left");
        right = folder.resolve("right");
        int port = Processes.freePort();
        started.add(Processes.service(folder.resolve("service"), port));
        DeviceSetup.Created first = new LocalDeviceSetup().create(folder.resolve("one"), Processes.address(port), "one");
        try (Device device = first.device()) {
            device.sync(left, "/docs");
        }
        try (Device device = new LocalDeviceSetup()
                .recover(
                        folder.resolve("two"), Processes.address(port), first.recoveryWords(), "two",
                        new DeviceSetup.Keep.All(), Progress.SILENT)) {
            device.sync(right, "/docs");
        }
    }

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String home) throws IOException {
        Process process =
                Processes.start(DeviceMain.class, folder.resolve(home + ".log"), folder.resolve(home).toString());
        started.add(process);
        return process;
    }

    @Test
    void foldersBecomeTheSame_andNothingIsLost_whoeverIsKilled() throws Exception {
        Process one = start("one");
        Process two = start("two");
        List<String> written = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < EDITS; i++) {
                edit(random.nextBoolean() ? left : right, round * EDITS + i, written);
                Thread.sleep(random.nextInt(PAUSE_MS));
            }
            if (random.nextBoolean()) {
                Processes.kill(one);
                edit(left, 100_000 + round, written);
                one = start("one");
            } else {
                Processes.kill(two);
                edit(right, 200_000 + round, written);
                two = start("two");
            }
        }
        Map<String, String> same = awaitSame();
        // Every file was written once under a name of its own, so its content is in some file of both.
        assertThat(same.values()).as("seed %d", SEED).containsAll(written);
    }

    @Test
    void editsOfOneFileOnBothSides_areBothKept() throws Exception {
        start("one");
        Files.writeString(left.resolve("letter"), "as it was");
        Process two = start("two");
        awaitContent(right.resolve("letter"), "as it was");
        Processes.kill(two);
        Files.writeString(left.resolve("letter"), "from the left");
        Files.writeString(right.resolve("letter"), "from the right");
        start("two");
        Map<String, String> same = awaitSame();
        assertThat(same.values()).contains("from the left", "from the right");
        assertThat(same.keySet()).anyMatch(name -> name.contains("conflict two"));
    }

    @Test
    void whatProgramsDoWhenTheySave_isAnEditOfTheSameFile() throws Exception {
        start("one");
        start("two");
        for (int i = 1; i <= 5; i++) {
            saveAsEditorsDo(left.resolve("notes.txt"), "notes " + i);
            saveAsOfficesDo(left.resolve("report.odt"), "report " + i);
            Thread.sleep(random.nextInt(300));
        }
        Map<String, String> same = awaitSame();
        assertThat(same).isEqualTo(Map.of("notes.txt", "notes 5", "report.odt", "report 5"));
    }

    /// Through a second file that takes the place of the first.
    private static void saveAsEditorsDo(Path file, String content) throws IOException {
        Path part = Files.writeString(file.resolveSibling(".notes.txt.swp"), content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// With a lock beside the file, and a backup that goes when all is well.
    private static void saveAsOfficesDo(Path file, String content) throws IOException {
        Path lock = Files.writeString(file.resolveSibling(".~lock." + file.getFileName() + "#"), "me");
        Path part = Files.writeString(file.resolveSibling("lu1234.tmp"), content);
        Path backup = file.resolveSibling("report.bak");
        if (Files.exists(file)) {
            Files.move(file, backup);
        }
        Files.move(part, file);
        Files.deleteIfExists(backup);
        Files.delete(lock);
    }

    @Test
    void repositoryInWhichGitWorks_isWholeOnBothSides() throws Exception {
        Assumptions.assumeTrue(hasGit());
        start("one");
        start("two");
        Path here = Files.createDirectories(left.resolve("repository"));
        Path there = right.resolve("repository");
        git(here, "init", "-q");
        for (int i = 0; i < 4; i++) {
            Files.writeString(here.resolve("file " + (i % 2)), "content " + i);
            git(here, "add", ".");
            git(here, "commit", "-q", "-m", "change " + i);
        }
        git(here, "gc", "-q");
        awaitSame();
        git(there, "fsck", "--strict");
        assertThat(git(there, "rev-parse", "HEAD")).isEqualTo(git(here, "rev-parse", "HEAD"));
        assertThat(git(there, "status", "--porcelain")).isEmpty();
    }

    private static boolean hasGit() throws InterruptedException {
        try {
            return new ProcessBuilder("git", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String git(Path in, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
        builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("git %s: %s", List.of(arguments), said).isZero();
        return said;
    }

    /// Writes a new file, moves one, or makes a folder.
    private void edit(Path side, int number, List<String> written) throws IOException {
        Path into = side.resolve("folder " + random.nextInt(5));
        Files.createDirectories(into);
        if (random.nextInt(4) == 0) {
            try (Stream<Path> files = Files.list(into)) {
                Path file = files.filter(Files::isRegularFile).sorted().findFirst().orElse(null);
                if (file != null) {
                    move(file, side.resolve("moved " + number));
                    return;
                }
            }
        }
        String content = "content " + number + " " + "x".repeat(random.nextInt(5_000));
        Files.writeString(into.resolve("file " + number), content);
        written.add(content);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to);
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            // The other side moved it first.
            assertThat(e).isNotNull();
        }
    }

    private static void awaitContent(Path file, String content) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!Files.exists(file) || !Files.readString(file).equals(content)) {
            assertThat(System.nanoTime()).as("%s has its content in time", file).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /// Waits until both folders hold the same and stay so for a while; returns it.
    private Map<String, String> awaitSame() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        Map<String, String> before = new TreeMap<>();
        while (true) {
            Map<String, String> here = contents(left);
            Map<String, String> there = contents(right);
            boolean same = here.equals(there) && !here.isEmpty();
            if (same && here.equals(before)) {
                return here;
            }
            before = same ? here : new TreeMap<>();
            assertThat(System.nanoTime())
                    .as("seed %d: the folders are the same in time; %s and %s", SEED, here.keySet(), there.keySet())
                    .isLessThan(deadline);
            Thread.sleep(same ? 1_500 : 200);
        }
    }

    private static Map<String, String> contents(Path side) throws IOException {
        Map<String, String> all = new TreeMap<>();
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(side)) {
            paths = walk.filter(path -> !path.equals(side) && !path.startsWith(side.resolve(".coffer"))).toList();
        } catch (java.io.UncheckedIOException e) {
            return all; // something went while it was walked
        }
        for (Path path : paths) {
            try {
                String name = side.relativize(path).toString();
                all.put(name, Files.isDirectory(path) ? "a folder" : Files.readString(path, StandardCharsets.ISO_8859_1));
            } catch (NoSuchFileException e) {
                return new TreeMap<>();
            }
        }
        return all;
    }
}
