package coffer.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A service that lies, as one of its devices sees it: what it answers is the real service's, but for what a test changes.
final class LyingProxy implements AutoCloseable {

    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "connection", "transfer-encoding", "upgrade");

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, UnaryOperator<byte[]>> changes = new ConcurrentHashMap<>();
    private volatile URI target = URI.create("http://127.0.0.1:1");
    private volatile Function<String, Optional<byte[]>> answers = _ -> Optional.empty();

    LyingProxy() throws IOException {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void to(URI service) {
        target = service;
    }

    /// Answers paths by itself where `lies` has something.
    void answering(Function<String, Optional<byte[]>> lies) {
        answers = lies;
    }

    /// Changes what the service answers to a path.
    void changing(String path, UnaryOperator<byte[]> change) {
        changes.put(path, change);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Optional<byte[]> lie = answers.apply(path);
            if (lie.isPresent()) {
                send(exchange, 200, lie.get());
                return;
            }
            forward(exchange, path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forward(HttpExchange exchange, String path) throws IOException, InterruptedException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
            if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> request.header(header.getKey(), value));
            }
        }
        HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
        answer.headers().map().forEach((name, values) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        UnaryOperator<byte[]> change = changes.get(path);
        try (InputStream in = answer.body()) {
            if (change != null) {
                send(exchange, answer.statusCode(), change.apply(in.readAllBytes()));
            } else {
                stream(exchange, answer, in);
            }
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /// As it comes, because an event stream has no end.
    private static void stream(HttpExchange exchange, HttpResponse<InputStream> answer, InputStream in) throws IOException {
        long length = answer.headers().firstValueAsLong("content-length").orElse(0);
        boolean empty = answer.statusCode() == 204 || answer.statusCode() == 304
                || (length == 0 && answer.headers().firstValue("content-length").isPresent());
        exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : length);
        if (empty) {
            return;
        }
        OutputStream out = exchange.getResponseBody();
        byte[] buffer = new byte[64 << 10];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
    }
}
