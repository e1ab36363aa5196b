package coffer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.LocalDeviceSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks that take no more, for real: the system refuses a write in the middle of the work. Whatever it hits, the person
/// is told, nothing is lost, and when there is room again the same command ends well.
///
/// Two ways: a limit on the size of files, which needs no rights and so always runs; and a small file system of its
/// own, where the system lets a test have one.
class FullDiskTest {

    /// Less than a pack, more than anything else that is written. In the shell's units of 512 bytes.
    private static final String FILES_SMALLER_THAN_A_PACK = "ulimit -f 16384; exec \"$@\"";

    @TempDir
    Path folder = Path.of("");

    private final List<Process> started = new ArrayList<>();
    private int port;

    @BeforeEach
    void makeSource() throws IOException {
        port = Processes.freePort();
        byte[] large = new byte[20_000_000];
        new Random(7).nextBytes(large);
        Files.createDirectories(folder.resolve("source"));
        Files.write(folder.resolve("source/large"), large);
        Files.writeString(folder.resolve("source/small"), "a few words");
    }

    @AfterEach
    void endProcesses() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process begin(List<String> command, String log) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
        started.add(process);
        return process;
    }

    private static List<String> in(String script, List<String> command) {
        List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        all.addAll(command);
        return all;
    }

    private Process service(String script, Path data, String... settings) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(data.toString(), "" + port));
        arguments.addAll(List.of(settings));
        List<String> command = Processes.command(Processes.ServiceMain.class, arguments.toArray(String[]::new));
        return Processes.awaitPort(begin(in(script, command), "service.log"), port);
    }

    private void createAccount(Path home) throws CofferException {
        new LocalDeviceSetup().create(home, Processes.address(port), "full").device().close();
    }

    private List<String> put(Path home) {
        return Processes.command(
                Processes.PutMain.class, home.toString(), folder.resolve("source").toString());
    }

    private int run(List<String> command) throws IOException, InterruptedException {
        Process process = begin(command, "put.log");
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("the command ends").isTrue();
        return process.exitValue();
    }

    private void assertSaid(ErrorCode code, String message, int status) throws IOException {
        String said = Files.readString(folder.resolve("put.log"));
        assertThat(status).as(said).isEqualTo(code.exitStatus());
        assertThat(said).contains(message).contains("committed is safe").contains("run the same command again");
    }

    private void assertEverythingComesBack(Path home) throws IOException, InterruptedException {
        Path copy = folder.resolve("copy");
        List<String> get = Processes.command(Processes.GetMain.class, home.toString(), copy.toString());
        assertThat(run(get)).as(Files.readString(folder.resolve("put.log"))).isZero();
        for (String name : List.of("large", "small")) {
            Path original = folder.resolve("source").resolve(name);
            assertThat(Files.mismatch(original, copy.resolve("source").resolve(name))).as(name).isEqualTo(-1);
        }
    }

    @Test
    void aDeviceThatCannotWriteAPack_saysSo_andGoesOnWhenItCan() throws Exception {
        service("exec \"$@\"", folder.resolve("data"));
        Path home = folder.resolve("home");
        createAccount(home);

        assertSaid(ErrorCode.LOCAL, "This device's disk is full.", run(in(FILES_SMALLER_THAN_A_PACK, put(home))));

        assertThat(run(put(home))).isZero();
        assertEverythingComesBack(home);
    }

    @Test
    void aProviderFolderThatTakesNoPack_isSaidToBeFull_andTheSamePutGoesOnWhenItTakesThem() throws Exception {
        Path data = folder.resolve("data");
        Process full = service(FILES_SMALLER_THAN_A_PACK, data);
        Path home = folder.resolve("home");
        createAccount(home);

        assertSaid(ErrorCode.QUOTA, "A provider has no more room.", run(put(home)));

        Processes.kill(full);
        service("exec \"$@\"", data);
        assertThat(run(put(home))).isZero();
        assertEverythingComesBack(home);
    }

    @Test
    void aGetThatTheDiskTakesNoMoreOf_saysSo_leavesNoPartOfAFile_andGoesOnWhenItCan() throws Exception {
        service("exec \"$@\"", folder.resolve("data"));
        Path home = folder.resolve("home");
        createAccount(home);
        assertThat(run(put(home))).isZero();
        Path copy = folder.resolve("copy");
        List<String> get = Processes.command(Processes.GetMain.class, home.toString(), copy.toString());

        assertSaid(ErrorCode.LOCAL, "The disk to write to is full.", run(in(FILES_SMALLER_THAN_A_PACK, get)));

        assertThat(copy.resolve("source/large")).doesNotExist();
        assertEverythingComesBack(home);
    }

    /// A command that gives its process a file system of `size` at `disk`, gone when the process ends; empty where the
    /// system does not let us.
    private List<String> withDisk(String size, String script, List<String> command)
            throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("disk"));
        String mount = "mount -t tmpfs -o size=" + size + " coffer-test disk && " + script;
        for (List<String> unshare : List.of(List.of("unshare", "-m"), List.of("unshare", "-Urm"))) {
            List<String> probe = new ArrayList<>(unshare);
            probe.addAll(List.of("sh", "-c", "mount -t tmpfs -o size=1m coffer-test disk"));
            if (works(probe)) {
                List<String> all = new ArrayList<>(unshare);
                all.addAll(in(mount, command));
                return all;
            }
        }
        return List.of();
    }

    private boolean works(List<String> probe) throws InterruptedException {
        try {
            return begin(probe, "probe.log").waitFor() == 0;
        } catch (IOException e) {
            // No such program here.
            return false;
        }
    }

    @Test
    void aDeviceOnAFullDisk_saysSo_andGoesOnWhenThereIsRoom() throws Exception {
        service("exec \"$@\"", folder.resolve("data"));
        createAccount(folder.resolve("home"));
        Path onDisk = folder.resolve("disk/home");
        String script = """
                cp -a home disk/ && "$@" > put.log; echo $? > first
                mount -o remount,size=200m disk && "$@" > again.log; echo $? > second
                cp -a disk/home kept
                """;
        List<String> command = withDisk("12m", script, put(onDisk));
        assumeTrue(!command.isEmpty(), "no file system of its own for a test here; the limit on files was tried");

        begin(command, "shell.log").waitFor();

        assertSaid(ErrorCode.LOCAL, "This device's disk is full.", status("first"));
        assertThat(status("second")).as(Files.readString(folder.resolve("again.log"))).isZero();
        assertEverythingComesBack(folder.resolve("kept"));
    }

    private int status(String file) throws IOException {
        return Integer.parseInt(Files.readString(folder.resolve(file)).strip());
    }

    @Test
    void aServiceOnAFullDisk_saysSo_losesNothing_andGoesOnWhenThereIsRoom() throws Exception {
        List<String> arguments = List.of(folder.resolve("disk/data").toString(), "" + port, "disk-reserve=1KiB",
                "provider.local.path=" + folder.resolve("packs"));
        String script = """
                "$@" & while [ ! -e fill ]; do sleep 0.1; done
                head -c 99m /dev/zero > disk/ballast 2> filling; truncate -s -8K disk/ballast; touch filled
                while [ ! -e more ]; do sleep 0.1; done
                rm disk/ballast; touch done; wait
                """;
        List<String> command = withDisk(
                "12m", script, Processes.command(Processes.ServiceMain.class, arguments.toArray(String[]::new)));
        assumeTrue(!command.isEmpty(), "no file system of its own for a test here; the limit on files was tried");
        Processes.awaitPort(begin(command, "service.log"), port);
        Path home = folder.resolve("home");
        createAccount(home);
        ask("fill", "filled");

        assertSaid(ErrorCode.QUOTA, "The service's own disk is full.", run(put(home)));

        ask("more", "done");
        assertThat(run(put(home))).as(Files.readString(folder.resolve("put.log"))).isZero();
        assertEverythingComesBack(home);
    }

    /// Tells the script to go on, and waits until it has.
    private void ask(String what, String answer) throws IOException, InterruptedException {
        Files.createFile(folder.resolve(what));
        for (int i = 0; i < 1_000 && !Files.exists(folder.resolve(answer)); i++) {
            Thread.sleep(50);
        }
        assertThat(folder.resolve(answer)).exists();
    }
}
