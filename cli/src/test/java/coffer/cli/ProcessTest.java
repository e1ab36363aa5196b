package coffer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import coffer.agent.FakeSetup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Commands and agents as real processes, with devices in the agents' memory.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "signals and permissions are POSIX")
class ProcessTest {

    private static final String SERVICE = "http://localhost:1";

    @TempDir
    Path temporary;

    private record Ended(int status, String out, String err) {}

    private Path home() {
        return temporary.resolve("home");
    }

    private Process start(String build, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dcoffer.build=" + build,
                "-cp",
                System.getProperty("java.class.path"),
                "coffer.cli.Main",
                "--home",
                home().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(temporary.toFile()).start();
    }

    private static Ended end(Process process) throws Exception {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private Ended run(String... arguments) throws Exception {
        return end(start("test", arguments));
    }

    private void create() throws Exception {
        Ended created = run("account", "create", "--service", SERVICE, "--name", "laptop");
        assertThat(created).as("%s", created).extracting(Ended::status).isEqualTo(0);
        assertThat(created.out()).contains("24 white");
    }

    private ProcessHandle agent() throws IOException {
        Matcher pid = Pattern.compile("\"pid\":(\\d+)").matcher(Files.readString(home().resolve("agent.json")));
        assertThat(pid.find()).isTrue();
        return ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
    }

    @AfterEach
    void stop() throws Exception {
        if (Files.exists(home())) {
            run("agent", "stop");
        }
    }

    @Test
    void commands_speakToOneAgent_whichOnlyTheOwnerCanFind() throws Exception {
        create();
        ProcessHandle agent = agent();
        assertThat(run("mkdir", "/ü 日本").status()).isZero();
        assertThat(run("ls").out()).isEqualTo("ü 日本/\n");
        assertThat(agent()).isEqualTo(agent);
        assertThat(permissions(home())).isEqualTo("rwx------");
        for (String file : List.of("agent.json", "agent.log", "agent.lock", "agent.out", "agent.start")) {
            assertThat(permissions(home().resolve(file))).as(file).isEqualTo("rw-------");
        }
        assertThat(Files.readString(home().resolve("agent.log")))
                .contains("operation make-folder done")
                .doesNotContain("日本")
                .doesNotContain(FakeSetup.WORDS.substring(0, 20));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void agentsThatDied_areReplaced() throws Exception {
        create();
        ProcessHandle first = agent();
        first.destroyForcibly();
        first.onExit().get(20, TimeUnit.SECONDS);
        assertThat(run("status").status()).isZero();
        assertThat(agent()).isNotEqualTo(first);
    }

    @Test
    void anAgentFileThatNamesAnotherProcess_isNotBelieved() throws Exception {
        create();
        run("agent", "stop");
        assertThat(home().resolve("agent.json")).doesNotExist();
        String forged = "{\"port\":1,\"token\":\"x\",\"pid\":" + ProcessHandle.current().pid()
                + ",\"started\":1,\"build\":\"0.1.0+test\"}";
        Files.writeString(home().resolve("agent.json"), forged);
        assertThat(run("status").status()).isZero();
        Files.writeString(home().resolve("agent.json"), "{\"port\":");
        assertThat(run("agent", "status").status()).isEqualTo(1);
    }

    @Test
    void commandsAtTheSameMoment_startOneAgent() throws Exception {
        create();
        run("agent", "stop");
        List<Process> commands = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            commands.add(start("test", "status"));
        }
        for (Process command : commands) {
            assertThat(end(command)).extracting(Ended::status).isEqualTo(0);
        }
        assertThat(Files.readString(home().resolve("agent.log")).split("serves", -1)).hasSize(3);
    }

    @Test
    void aCommandOfAnotherBuild_restartsTheAgent() throws Exception {
        create();
        ProcessHandle first = agent();
        assertThat(end(start("newer", "status"))).extracting(Ended::status).isEqualTo(0);
        assertThat(first.isAlive()).isFalse();
        assertThat(agent()).isNotEqualTo(first);
    }

    @Test
    void anInterrupt_endsTheCommandAndItsWork_butNotTheAgent() throws Exception {
        // A shell starts what it runs in the background with interrupts ignored, and every process below inherits that.
        assumeFalse(interruptsAreIgnored(), "interrupts reach no process that is started here");
        create();
        ProcessHandle agent = agent();
        Files.writeString(temporary.resolve("waits"), "x");
        Process put = start("test", "put", "waits", "/");
        awaitLog("operations at work", put);
        interrupt(put);
        assertThat(end(put).status()).isEqualTo(130);
        awaitText(home().resolve("agent.log"), "lost its caller");
        awaitText(home().resolve("agent.log"), "operation put LOCAL");
        assertThat(agent.isAlive()).isTrue();
        assertThat(run("ls").status()).isZero();
    }

    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("SigIgn: 0")
                .substring("SigIgn:".length())
                .strip();
        long interrupt = 1L << 1; // SIGINT is signal 2, and the mask begins with signal 1
        return (Long.parseUnsignedLong(ignored, 16) & interrupt) != 0;
    }

    /// Until the agent says that it works.
    private void awaitLog(String what, Process put) throws Exception {
        for (int i = 0; i < 100 && put.isAlive(); i++) {
            if (run("agent", "status").out().contains("1 operation at work")) {
                return;
            }
        }
        throw new AssertionError(what);
    }

    @Test
    void aSignal_closesTheAgentCleanly() throws Exception {
        create();
        ProcessHandle agent = agent();
        agent.destroy();
        agent.onExit().get(30, TimeUnit.SECONDS);
        assertThat(home().resolve("agent.json")).doesNotExist();
        assertThat(Files.readString(home().resolve("agent.log"))).contains("agent stopped");
    }

    @Test
    void aClosedPipe_isNoFaultOfOurs() throws Exception {
        create();
        Process list = start("test", "ls", "--help");
        list.getInputStream().close();
        assertThat(list.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(list.exitValue()).isIn(0, 74);
    }

    private static void interrupt(Process process) throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    private static void awaitText(Path file, String text) throws Exception {
        for (int i = 0; i < 200; i++) {
            if (Files.readString(file).contains(text)) {
                return;
            }
            Thread.sleep(50);
        }
        assertThat(Files.readString(file)).contains(text);
    }
}
