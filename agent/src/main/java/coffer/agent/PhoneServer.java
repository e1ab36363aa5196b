package coffer.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// The pages at one address of the home network, over TLS 1.3 and nothing else, until closed. It has no part of the commands' API.
final class PhoneServer implements AutoCloseable {

    /// A page asks over six lines at most; this is enough for ten phones, and what strangers can take up.
    private static final int CONNECTIONS_MAX = 64;

    /// A page that is open says something every few seconds.
    private static final long IDLE_MS = 60_000;

    private static final int PASSWORD_SIZE = 16;

    private final Server server;
    private final ServerConnector connector;
    private final InetAddress address;

    private PhoneServer(Server server, ServerConnector connector, InetAddress address) {
        this.server = server;
        this.connector = connector;
        this.address = address;
    }

    /// Makes the pages of a server, when its port is known.
    interface Pages {
        PageHandler at(PageGuard guard);
    }

    /// @throws IOException if the address is not this machine's, or its port is taken
    static PhoneServer start(InetAddress address, int port, PhoneCertificate certificate, Pages pages) throws IOException {
        Server server = new Server(new VirtualThreadPool());
        ServerConnector connector = connector(server, certificate);
        connector.setHost(address.getHostAddress());
        connector.setPort(port);
        connector.open();
        PageHandler handler = pages.at(PageGuard.secure(host(address, connector.getLocalPort())));
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                response.getHeaders().put("X-Content-Type-Options", "nosniff");
                handler.serve(request, response, callback);
                return true;
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            connector.close();
            throw new IOException("phones cannot be served", e);
        }
        return new PhoneServer(server, connector, address);
    }

    private static ServerConnector connector(Server server, PhoneCertificate certificate) {
        byte[] random = new byte[PASSWORD_SIZE];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(certificate.keyStore(password.toCharArray()));
        tls.setKeyStorePassword(password);
        tls.setIncludeProtocols("TLSv1.3");
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(64 * 1024);
        ServerConnector connector = new ServerConnector(
                server, 1, 1, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http));
        connector.setIdleTimeout(IDLE_MS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
        return connector;
    }

    InetAddress address() {
        return address;
    }

    int port() {
        return connector.getLocalPort();
    }

    /// Where phones find the pages.
    String site() {
        return "https://" + host(address, port());
    }

    private static String host(InetAddress address, int port) {
        return PhoneAddress.text(address) + ":" + port;
    }

    /// Ends every connection.
    @Override
    public void close() {
        connector.close();
        connector.getConnectedEndPoints().forEach(EndPoint::close);
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server for phones did not stop", e);
        }
    }
}
