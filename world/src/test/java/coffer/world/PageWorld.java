package coffer.world;

import coffer.agent.AgentClient;
import coffer.agent.AgentHost;
import coffer.agent.RemoteDevice;
import coffer.agent.RemoteMedia;
import coffer.agent.RemoteSetup;
import coffer.device.Device;
import coffer.device.LocalDeviceSetup;
import coffer.service.Service;
import coffer.service.ServiceConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A service, a device with its agent, and a browser: all that pages need, all of it real.
final class PageWorld implements AutoCloseable {

    private final Service service;
    private final AgentHost agent;
    final Chromium browser;
    final Path folder;

    /// The recovery words of the account.
    final String words;

    /// The same device as the pages show.
    final Device device;

    PageWorld(Path folder, Path browser) throws Exception {
        this.folder = folder;
        Path home = folder.resolve("home");
        this.service = Service.start(ServiceConfig.of(folder.resolve("service"))
                .with(Map.of("listen", "127.0.0.1:" + Processes.freePort())));
        this.agent = AgentHost.start(new LocalDeviceSetup(), home, () -> {}).orElseThrow();
        this.words = new RemoteSetup(agent.client()).create(service.address(), "my laptop");
        this.device = new RemoteDevice(agent.client());
        this.browser = Chromium.start(browser, folder.resolve("browser"));
    }

    /// Mail and pictures of that device, as the command reaches them.
    RemoteMedia media() {
        return new RemoteMedia(agent.client());
    }

    /// A caller of that device's agent.
    AgentClient client() {
        return agent.client();
    }

    URI service() {
        return service.address();
    }

    /// An address that opens the pages once.
    String ticket() throws Exception {
        return agent.client().pages();
    }

    int port() throws Exception {
        return URI.create(ticket()).getPort();
    }

    /// A tab with a session.
    Tab enter() throws Exception {
        Tab tab = browser.tab();
        tab.open(ticket());
        tab.awaitText("All connected");
        return tab;
    }

    /// A local file of that name and content, in a folder of its own.
    Path file(String name, byte[] content) throws IOException {
        Path parent = Files.createTempDirectory(Files.createDirectories(folder.resolve("files")), "f");
        return Files.write(parent.resolve(name), content);
    }

    @Override
    public void close() throws IOException {
        browser.close();
        agent.close();
        service.close();
    }
}
