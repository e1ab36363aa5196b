package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Finds the agent of a home, and starts it where there is none or one of another build.
public final class AgentLauncher {

    private static final Duration STARTS = Duration.ofSeconds(60);
    private static final Duration STOPS = Duration.ofSeconds(30);
    private static final int POLL_MS = 5;

    /// Where a started agent's own words go if it cannot even open its log.
    static final String OUTPUT_FILE = "agent.out";

    /// Leaves the terminal: an interrupt or a hang-up there is for the command, not for the agent.
    private static final String DETACH =
            "trap '' INT HUP; if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; else exec \"$@\"; fi";

    private final Path home;

    public AgentLauncher(Path home) {
        this.home = home.toAbsolutePath();
    }

    /// The running agent of this home, of whatever build.
    public Optional<AgentClient> find() {
        return running().map(AgentClient::new);
    }

    /// The agent of this home, started if needed; makes the home if there is none.
    public AgentClient connect() throws CofferException {
        return new AgentClient(ensure(), this::ensure);
    }

    private Optional<AgentInfo> running() {
        return AgentInfo.read(home).filter(AgentInfo::alive);
    }

    private AgentInfo ensure() throws CofferException {
        Optional<AgentInfo> running = running();
        if (running.isPresent() && running.get().build().equals(Build.id())) {
            return running.get();
        }
        if (running.isPresent()) {
            stop();
        }
        return start();
    }

    /// Stops the agent if one runs; returns whether one did.
    public boolean stop() throws CofferException {
        Optional<AgentInfo> running = running();
        if (running.isEmpty()) {
            return false;
        }
        new AgentClient(running.get()).stop();
        long end = System.nanoTime() + STOPS.toNanos();
        while (running.get().alive()) {
            if (System.nanoTime() > end) {
                throw new CofferException(
                        ErrorCode.LOCAL,
                        "The agent does not stop.",
                        Map.of("process", Long.toString(running.get().pid())));
            }
            pause();
        }
        return true;
    }

    private AgentInfo start() throws CofferException {
        try {
            OwnerOnly.makeFolder(home);
            Files.deleteIfExists(home.resolve(AgentInfo.FILE));
            Process process = launch();
            return awaitReady(process);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The agent cannot be started.", e);
        }
    }

    private Process launch() throws IOException {
        File output = home.resolve(OUTPUT_FILE).toFile();
        OwnerOnly.replace(output.toPath(), new byte[0]);
        List<String> command = new ArrayList<>();
        if (File.separatorChar == '/') {
            command.addAll(List.of("/bin/sh", "-c", DETACH, "coffer-agent"));
        }
        command.addAll(AgentJvm.command());
        command.add(home.toString());
        return new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File(File.separatorChar == '/' ? "/dev/null" : "NUL")))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    /// Another command may have started one at the same moment; then ours ends, and theirs becomes ready.
    private AgentInfo awaitReady(Process process) throws CofferException {
        long end = System.nanoTime() + STARTS.toNanos();
        while (System.nanoTime() < end) {
            Optional<AgentInfo> running = running();
            if (running.isPresent()) {
                return running.get();
            }
            if (!process.isAlive() && process.exitValue() != AgentMain.TAKEN) {
                throw new CofferException(
                        ErrorCode.LOCAL,
                        "The agent ended while it started; agent.out in the home may say why.",
                        Map.of("status", Integer.toString(process.exitValue())));
            }
            pause();
        }
        throw new CofferException(ErrorCode.LOCAL, "The agent does not become ready.");
    }

    private static void pause() throws CofferException {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.LOCAL, "Stopped on request.", e);
        }
    }
}
