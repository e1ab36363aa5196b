package coffer.agent;

import coffer.core.CofferException;
import coffer.device.DeviceSetup;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent of a home, in this process: it alone holds the home's lock, and commands find it by `agent.json`.
public final class AgentHost implements AutoCloseable {

    static final String LOCK_FILE = "agent.lock";

    private final Logger log = LoggerFactory.getLogger(AgentHost.class);
    private final Path home;
    private final FileChannel channel;
    private final AgentServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private AgentHost(Path home, FileChannel channel, AgentServer server) {
        this.home = home;
        this.channel = channel;
        this.server = server;
    }

    /// Takes the home and serves it; empty if another process has it. What this process logs goes to the home's
    /// `agent.log` from now on. `stop` is run when somebody asks the agent to stop.
    public static Optional<AgentHost> start(DeviceSetup setup, Path home, Runnable stop) throws IOException {
        OwnerOnly.makeFolder(home);
        FileChannel channel = OwnerOnly.open(home.resolve(LOCK_FILE));
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            AgentLog.install(home);
            AgentServer server = AgentServer.start(setup, home, stop);
            AgentHost host = new AgentHost(home, channel, server);
            server.info().write(home);
            host.log.info("agent {} serves, process {}", Build.id(), ProcessHandle.current().pid());
            return Optional.of(host);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    AgentServer server() {
        return server;
    }

    /// A caller of this agent.
    public AgentClient client() {
        return server.client();
    }

    /// So that the first command finds the device open; a failure is told to whoever asks for the device.
    void openDevice() {
        DeviceSlot.State state = server.slot().state();
        if (state == DeviceSlot.State.EMPTY || state == DeviceSlot.State.LOCKED) {
            log.info("the device is {}", state.word());
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

    /// Whether the home is gone, or somebody else's: nobody can find this agent any more.
    static boolean replaced(Path home, AgentInfo info) {
        return !AgentInfo.read(home).equals(Optional.of(info));
    }

    /// Ends running work, closes the device, and frees the home. Idempotent.
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        log.info("agent stops");
        try (channel) {
            if (!replaced(home, server.info())) {
                Files.deleteIfExists(home.resolve(AgentInfo.FILE));
            }
            server.close();
        }
        log.info("agent stopped");
    }
}
