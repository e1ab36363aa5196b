package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
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

    /// Locked by the command that starts or replaces the agent; the agent's own lock is another.
    private static final String TURN_FILE = "agent.start";

    private static final String SEE_LOG =
            "What was committed is safe. agent.out and agent.log in the home may say why; try again, or report it.";

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
        Optional<AgentInfo> running = runningOfThisBuild();
        return running.isPresent() ? running.get() : start();
    }

    private Optional<AgentInfo> runningOfThisBuild() {
        return running().filter(agent -> agent.build().equals(Build.id()));
    }

    /// Stops the agent if one runs; returns whether one did.
    public boolean stop() throws CofferException {
        Optional<AgentInfo> running = running();
        if (running.isEmpty()) {
            return false;
        }
        askToStop(running.get());
        long end = System.nanoTime() + STOPS.toNanos();
        while (running.get().alive()) {
            if (System.nanoTime() > end) {
                throw new CofferException(
                        ErrorCode.LOCAL,
                        "The agent does not stop.",
                        Map.of(
                                "process",
                                Long.toString(running.get().pid()),
                                CofferException.ADVICE,
                                "What was committed is safe. Wait until its work is done, or end the process that -v"
                                        + " names; then try again."));
            }
            pause();
        }
        return true;
    }

    /// An agent that does not answer may be about to end, because somebody else asked it to.
    private static void askToStop(AgentInfo agent) throws CofferException {
        try {
            new AgentClient(agent).stop();
        } catch (CofferException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
        }
    }

    /// Commands that start an agent at the same moment take turns, so that one starts it and the others find it.
    private AgentInfo start() throws CofferException {
        long end = System.nanoTime() + STARTS.toNanos();
        try {
            OwnerOnly.makeFolder(home);
            try (FileChannel turn = OwnerOnly.open(home.resolve(TURN_FILE))) {
                while (!taken(turn)) {
                    pauseUntil(end);
                }
                if (running().isPresent() && runningOfThisBuild().isEmpty()) {
                    stop();
                }
                Optional<AgentInfo> running = runningOfThisBuild();
                return running.isPresent() ? running.get() : launchAndAwait(end);
            }
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The agent cannot be started.", e);
        }
    }

    private static boolean taken(FileChannel turn) throws IOException {
        try {
            return turn.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // A thread of this process has its turn.
            return false;
        }
    }

    /// An agent that just stops holds the home for a moment after it was last seen; then ours finds the home taken, and
    /// another try is made.
    private AgentInfo launchAndAwait(long end) throws IOException, CofferException {
        Process process = launch();
        while (true) {
            Optional<AgentInfo> running = running();
            if (running.isPresent()) {
                return running.get();
            }
            if (!process.isAlive()) {
                if (process.exitValue() != AgentMain.TAKEN) {
                    throw new CofferException(
                            ErrorCode.LOCAL,
                            "The agent ended while it started.",
                            Map.of("status", Integer.toString(process.exitValue()), CofferException.ADVICE, SEE_LOG));
                }
                process = launch();
            }
            pauseUntil(end);
        }
    }

    private Process launch() throws IOException {
        File output = home.resolve(OUTPUT_FILE).toFile();
        OwnerOnly.replace(output.toPath(), new byte[0]);
        List<String> command = new ArrayList<>();
        if (File.separatorChar == '/') {
            command.addAll(List.of("/bin/sh", "-c", DETACH, "coffer-agent"));
        }
        command.addAll(AgentJvm.command(home));
        ProcessBuilder builder = new ProcessBuilder(command);
        // The C library would keep memory apart for every thread: in an agent with thirty of them, 30 MB more.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
        return builder.directory(home.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File(File.separatorChar == '/' ? "/dev/null" : "NUL")))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    private static void pauseUntil(long end) throws CofferException {
        if (System.nanoTime() > end) {
            throw CofferException.withAdvice(ErrorCode.LOCAL, "The agent does not become ready.", SEE_LOG);
        }
        pause();
    }

    static CofferException stopped() {
        return CofferException.withAdvice(
                ErrorCode.LOCAL,
                "Stopped on request.",
                "What was committed is safe. Run the same command again: it goes on where it stopped.");
    }

    private static void pause() throws CofferException {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped();
        }
    }
}
