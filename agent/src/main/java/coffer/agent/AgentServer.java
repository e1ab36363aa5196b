package coffer.agent;

import coffer.device.DeviceSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// The local API of one device, on a random loopback port, until closed.
public final class AgentServer implements AutoCloseable {

    private static final int TOKEN_SIZE = 32;
    private static final Duration WORK_ENDS = Duration.ofSeconds(20);

    private final Server server;
    private final ServerConnector connector;
    private final DeviceSlot slot;
    private final AgentHandler handler;
    private final PageUploads uploads;
    private final Phones phones;
    private final AgentInfo info;

    private AgentServer(
            Server server,
            ServerConnector connector,
            DeviceSlot slot,
            AgentHandler handler,
            PageUploads uploads,
            Phones phones,
            AgentInfo info) {
        this.phones = phones;
        this.server = server;
        this.connector = connector;
        this.slot = slot;
        this.handler = handler;
        this.uploads = uploads;
        this.info = info;
    }

    /// Serves the device of `home`, made by `setup`; `stop` is run when a caller asks the agent to stop. Opens the device
    /// when the first operation needs it.
    public static AgentServer start(DeviceSetup setup, Path home, Runnable stop) throws IOException {
        Server server = new Server(new VirtualThreadPool());
        ServerConnector connector = connector(server);
        connector.open();
        AgentInfo info = new AgentInfo(
                connector.getLocalPort(),
                newToken(),
                ProcessHandle.current().pid(),
                AgentInfo.startOf(ProcessHandle.current()),
                Build.id());
        DeviceSlot slot = new DeviceSlot(setup, home);
        PageUploads uploads = new PageUploads(home, slot);
        Phones phones = new Phones(home, Clock.systemUTC());
        AgentHandler handler = handler(info, slot, uploads, phones, stop);
        server.setHandler(handler);
        try {
            server.start();
        } catch (Exception e) {
            connector.close();
            phones.close();
            throw new IOException("the local API cannot be served", e);
        }
        return new AgentServer(server, connector, slot, handler, uploads, phones, info);
    }

    private static AgentHandler handler(AgentInfo info, DeviceSlot slot, PageUploads uploads, Phones phones, Runnable stop) {
        Operations operations = new Operations(slot, phones);
        Calls calls = new Calls();
        LocalEntrance entrance = new LocalEntrance(PageGuard.local(info.port()), new PageSessions(Clock.systemUTC()));
        PageHandler pages = new PageHandler(entrance.guard(), entrance, slot, operations, calls, uploads);
        PhoneEntrance forPhones = new PhoneEntrance(phones);
        phones.start(guard -> new PageHandler(guard, forPhones, slot, operations, calls, uploads));
        return new AgentHandler(new Guard(info.port(), info.token()), slot, operations, calls, pages, entrance, stop);
    }

    private static ServerConnector connector(Server server) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(64 * 1024);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(0);
        // A person may stop a command, or page through what it prints, for as long as they like.
        connector.setIdleTimeout(0);
        server.addConnector(connector);
        return connector;
    }

    private static String newToken() {
        byte[] token = new byte[TOKEN_SIZE];
        new SecureRandom().nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    AgentInfo info() {
        return info;
    }

    /// A caller of this server in the same process.
    public AgentClient client() {
        return new AgentClient(info);
    }

    DeviceSlot slot() {
        return slot;
    }

    Phones phones() {
        return phones;
    }

    Duration idle() {
        return Duration.ofNanos(handler.idleNanos());
    }

    /// Takes no more calls, asks the running ones to end and waits for them, then closes the device.
    @Override
    public void close() {
        connector.close();
        phones.close();
        handler.cancelAll();
        awaitWork();
        slot.close();
        uploads.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }

    private void awaitWork() {
        long end = System.nanoTime() + WORK_ENDS.toNanos();
        try {
            while (handler.busy() && System.nanoTime() < end) {
                handler.cancelAll();
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
