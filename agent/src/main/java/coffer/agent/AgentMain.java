package coffer.agent;

import coffer.core.CofferException;
import coffer.device.DeviceSetup;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent's process: takes the home, serves it, and ends on request, on a signal, when the home is taken away, or, if
/// no device comes into being, after a while.
public final class AgentMain {

    /// The exit status that says another agent has the home.
    static final int TAKEN = 3;

    static final String LOCK_FILE = "agent.lock";
    private static final Duration WATCH = Duration.ofSeconds(5);
    private static final Duration EMPTY_ENDS = Duration.ofMinutes(2);

    private AgentMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: AgentMain HOME");
            System.exit(2);
        }
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Optional<DeviceSetup> setup = ServiceLoader.load(DeviceSetup.class).findFirst();
        if (setup.isEmpty()) {
            System.err.println("this build holds no device");
            System.exit(1);
        }
        System.exit(run(home, setup.get()));
    }

    static int run(Path home, DeviceSetup setup) throws IOException {
        OwnerOnly.makeFolder(home);
        try (FileChannel channel = OwnerOnly.open(home.resolve(LOCK_FILE));
                @Nullable FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return TAKEN;
            }
            AgentLog.install(home);
            serve(home, setup);
            return 0;
        }
    }

    private static void serve(Path home, DeviceSetup setup) throws IOException {
        Logger log = LoggerFactory.getLogger(AgentMain.class);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (AgentServer server = AgentServer.start(setup, home, stop::countDown)) {
            // A signal must wait for a clean close, and the close must not wait for the signal's thread.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                awaitQuietly(stopped);
            }));
            server.info().write(home);
            log.info("agent {} serves, process {}", Build.id(), ProcessHandle.current().pid());
            open(server, log);
            awaitEnd(home, server, stop);
            forget(home, server.info());
            log.info("agent stops");
        } finally {
            stopped.countDown();
        }
        log.info("agent stopped");
    }

    /// So that the first command finds the device open; a failure is told to whoever asks for the device.
    private static void open(AgentServer server, Logger log) {
        if (server.slot().state() == DeviceSlot.State.EMPTY) {
            return;
        }
        try {
            server.slot().require();
        } catch (CofferException e) {
            log.warn("the device does not open: {}", e.code());
        } catch (RuntimeException e) {
            Problems.bug(e);
        }
    }

    private static void awaitEnd(Path home, AgentServer server, CountDownLatch stop) {
        try {
            while (!stop.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                if (replaced(home, server.info()) || uselessFor(server, EMPTY_ENDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The home is gone, or somebody else's: nobody can find this agent any more.
    private static boolean replaced(Path home, AgentInfo info) {
        return !AgentInfo.read(home).equals(Optional.of(info));
    }

    private static boolean uselessFor(AgentServer server, Duration time) {
        return server.slot().state() == DeviceSlot.State.EMPTY
                && server.idle().compareTo(time) > 0;
    }

    private static void forget(Path home, AgentInfo info) throws IOException {
        if (!replaced(home, info)) {
            Files.deleteIfExists(home.resolve(AgentInfo.FILE));
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                System.err.println("the agent did not close in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
