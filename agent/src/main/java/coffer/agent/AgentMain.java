package coffer.agent;

import coffer.core.CryptoAccelerator;
import coffer.device.DeviceSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The agent's process: takes the home, serves it, and ends on request, on a signal, when the home is taken away, or, if
/// no device comes into being, after a while.
public final class AgentMain {

    /// The exit status that says another agent has the home.
    public static final int TAKEN = 3;

    /// What no `put` or `get` needs more than, whatever its size; see [AgentJvm] for how far it may grow.
    private static final long SOFT_HEAP = 84L << 20;

    private static final Duration WATCH = Duration.ofSeconds(5);
    private static final Duration EMPTY_ENDS = Duration.ofMinutes(2);

    private AgentMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: AgentMain HOME");
            System.exit(2);
        }
        System.exit(run(Path.of(arguments[0])));
    }

    /// Is the agent of a home until it is asked to stop; returns the exit status, 3 if another process is its agent.
    public static int run(Path home) throws IOException {
        Optional<DeviceSetup> setup = ServiceLoader.load(DeviceSetup.class).findFirst();
        if (setup.isEmpty()) {
            System.err.println("this build holds no device");
            return 1;
        }
        return run(home.toAbsolutePath(), setup.get());
    }

    static int run(Path home, DeviceSetup setup) throws IOException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Optional<AgentHost> started = AgentHost.start(setup, home, stop::countDown);
        if (started.isEmpty()) {
            return TAKEN;
        }
        try (AgentHost host = started.get()) {
            // A signal must wait for a clean close, and the close must not wait for the signal's thread.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                awaitQuietly(stopped);
            }));
            // Beside the opening, because loading it takes a third of a second; what starts before it is there uses the JDK's.
            Thread.ofPlatform().name("accelerator").daemon().start(CryptoAccelerator::install);
            SoftHeap.watch(SOFT_HEAP);
            host.openDevice();
            awaitEnd(home, host.server(), stop);
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private static void awaitEnd(Path home, AgentServer server, CountDownLatch stop) {
        RestingMemory memory = new RestingMemory(System::gc);
        try {
            while (!stop.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                if (AgentHost.replaced(home, server.info()) || uselessFor(server, EMPTY_ENDS)) {
                    return;
                }
                server.phones().look();
                ProcessHandle.current().info().totalCpuDuration().ifPresent(memory::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean uselessFor(AgentServer server, Duration time) {
        return server.slot().state() == DeviceSlot.State.EMPTY
                && server.idle().compareTo(time) > 0;
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
