package coffer.service;

import coffer.core.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// The operator's port, on the loopback interface alone, and the file by which tools of the same user find it.
final class AdminServer implements Closeable {

    /// In the service's folder; owner only. Address and key, as JSON.
    static final String FILE = "operator.json";

    private static final int TASKS_MAX = 64;

    private final Server server;
    private final URI address;

    private AdminServer(Server server, URI address) {
        this.server = server;
        this.address = address;
    }

    /// What a request must bear; the same as long as the service's secret is.
    static String key(ServiceSecret secret) {
        return Bytes.of(secret.derive("coffer/service/operator-key/v1")).hex();
    }

    static AdminServer start(AdminApi api, String key, ServiceConfig config, Metrics metrics) throws Exception {
        Server server = new Server(new VirtualThreadPool(TASKS_MAX));
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost(config.admin().getAddress().getHostAddress());
        connector.setPort(config.admin().getPort());
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        server.addConnector(connector);
        server.setHandler(new HttpHandler(api.routes(), token -> Optional.empty(), config, metrics));
        server.start();
        URI address = URI.create("http://127.0.0.1:" + connector.getLocalPort());
        write(config.data().resolve(FILE), Map.of("address", address.toString(), "key", key));
        return new AdminServer(server, address);
    }

    private static void write(Path file, Map<String, String> content) throws IOException {
        Path temporary = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "operator",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, new String(Json.write(content), StandardCharsets.UTF_8));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    URI address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("the operator's port did not close", e);
        }
    }
}
