package coffer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A TCP proxy on loopback that writes every byte that crosses it to files, one for each connection and direction.
///
/// The demo puts it between devices and service, so that "every byte sent" is a folder that can be searched.
final class RecordingProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final Path folder;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private volatile @Nullable InetSocketAddress target;

    /// Listens on a free port; connections are refused until there is a target.
    RecordingProxy(Path folder) throws IOException {
        this.listener = new ServerSocket();
        this.folder = Files.createDirectories(folder);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    /// Where connections go from now on.
    void forwardTo(URI service) {
        target = new InetSocketAddress(service.getHost(), service.getPort());
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    Path folder() {
        return folder;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        long number = connections.incrementAndGet();
        try (client;
                Socket server = new Socket()) {
            InetSocketAddress destination = target;
            if (destination == null) {
                return;
            }
            server.connect(destination);
            server.setTcpNoDelay(true);
            open.add(server);
            Thread up = Thread.ofVirtual().start(() -> copy(client, server, number + "-sent"));
            copy(server, client, number + "-received");
            up.join();
            open.remove(server);
        } catch (IOException e) {
            // One side is gone; closing both ends the other direction.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void copy(Socket from, Socket to, String name) {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream record = Files.newOutputStream(folder.resolve(name))) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                record.write(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // A side closed the connection; what crossed until then is recorded.
            return;
        } finally {
            endOutput(to);
        }
    }

    private static void endOutput(Socket socket) {
        try {
            if (!socket.isClosed() && !socket.isOutputShutdown()) {
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            // It is closed already, which is what was wanted.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
