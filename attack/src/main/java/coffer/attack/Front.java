package coffer.attack;

import coffer.core.LogId;
import coffer.core.log.Entry;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What devices take for the service and, below `/v1/blobs`, for the provider: it passes everything on to the real one, keeps a
/// record of all of it, and lies where a [Lie] says so. It knows which device asks, so each can be shown something else.
public final class Front implements AutoCloseable {

    private static final Set<String> OWN_HEADERS =
            Set.of("host", "content-length", "connection", "transfer-encoding", "upgrade", "http2-settings");
    private static final Pattern DEVICE = Pattern.compile("\"device\":\"([0-9a-f]{64})\"");
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final int DRIP_MS = 200;

    /// @param device hex id of the device that asks; empty if it has not signed in
    public record Asked(String method, String path, String query, String device, byte[] body) {

        boolean isFor(String wantedMethod, String pathPattern) {
            return method.equals(wantedMethod) && path.matches(pathPattern);
        }
    }

    /// @param headers those that matter to an attack
    /// @param drips   whether it comes one byte at a time
    public record Answer(int status, Map<String, String> headers, byte[] body, boolean drips) {

        static Answer of(int status, byte[] body) {
            return new Answer(status, Map.of(), body, false);
        }

        static Answer text(int status, String body) {
            return of(status, body.getBytes(StandardCharsets.UTF_8));
        }

        Answer with(byte[] other) {
            return new Answer(status, headers, other, drips);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// One thing that crossed.
    record Crossed(Asked asked, Answer answer) {}

    /// Something that is answered otherwise, and how often it was.
    public static final class Lie {
        private final String what;
        private final Predicate<Asked> when;
        private final BiFunction<Asked, Answer, Answer> tell;
        private final AtomicInteger told = new AtomicInteger();
        private volatile int left = Integer.MAX_VALUE;
        private volatile boolean perhaps;

        private Lie(String what, Predicate<Asked> when, BiFunction<Asked, Answer, Answer> tell) {
            this.what = what;
            this.when = when;
            this.tell = tell;
        }

        public int told() {
            return told.get();
        }

        String what() {
            return what;
        }

        /// It proves nothing if nobody asks.
        Lie perhaps() {
            perhaps = true;
            return this;
        }

        boolean mayStayUntold() {
            return perhaps;
        }

        /// Tells it this many times and then no more.
        Lie times(int count) {
            left = count;
            return this;
        }
    }

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Lie> lies = new CopyOnWriteArrayList<>();
    private final List<Lie> past = new CopyOnWriteArrayList<>();
    private final Map<String, String> devices = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Crossed> crossed = new ConcurrentLinkedQueue<>();
    private volatile URI target = URI.create("http://127.0.0.1:1");

    public Front() throws IOException {
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public void to(URI service) {
        target = service;
    }

    /// Answers otherwise, after the real service has done what was asked of it.
    public Lie changes(String what, Predicate<Asked> when, BiFunction<Asked, Answer, Answer> tell) {
        Lie lie = new Lie(what, when, tell);
        lies.add(lie);
        return lie;
    }

    /// Answers otherwise where the answer is good, by changing its bytes.
    public Lie changes(String what, String method, String pathPattern, UnaryOperator<byte[]> change) {
        return changes(what, asked -> asked.isFor(method, pathPattern), (_, truth) -> truth.with(change.apply(truth.body())));
    }

    /// Answers by itself; the real service never hears of it.
    public Lie answers(String what, Predicate<Asked> when, BiFunction<Asked, Answer, Answer> tell) {
        Lie lie = new Lie(what, when, (asked, none) -> tell.apply(asked, none));
        alone.add(lie);
        lies.add(lie);
        return lie;
    }

    private final Set<Lie> alone = ConcurrentHashMap.newKeySet();

    /// Shows one device, or every one if it is null, a log of these entries, whatever the real one holds; takes nothing more for it.
    Lie shows(@Nullable Party party, LogId log, List<Entry> entries) {
        return shows(asked -> party == null || party.id().equals(asked.device), log, entries);
    }

    /// As the other one, to whom `whom` says.
    Lie shows(Predicate<Asked> whom, LogId log, List<Entry> entries) {
        return answers(
                "another log is shown",
                asked -> asked.path.startsWith("/v1/logs/" + log.hex() + "/") && whom.test(asked),
                (asked, _) -> fromLog(asked, entries));
    }

    /// Changes the pages of a log that a party is given, as long as they hold `least` entries; shorter ones are held back.
    Lie changesPages(Party party, LogId log, int least, PageChange change) {
        return changes(
                "pages of a log are changed",
                asked -> asked.isFor("GET", "/v1/logs/" + log.hex() + "/entries") && party.id().equals(asked.device),
                (_, truth) -> {
                    try {
                        List<Entry> page = Insider.entries(truth.body());
                        return truth.with(page.size() < least ? new byte[0] : change.of(page));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @FunctionalInterface
    interface PageChange {
        byte[] of(List<Entry> page) throws Exception;
    }

    static byte[] page(List<Entry> entries) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        entries.forEach(entry -> page.writeBytes(entry.encode()));
        return page.toByteArray();
    }

    private static Answer fromLog(Asked asked, List<Entry> entries) {
        if (asked.method.equals("PUT")) {
            return Answer.text(503, "{}");
        }
        if (asked.path.endsWith("/head")) {
            return Answer.text(200, headJson(entries.getLast()));
        }
        Matcher from = Pattern.compile("from=(\\d+)").matcher(asked.query);
        long first = from.find() ? Long.parseLong(from.group(1)) : 0;
        boolean bodies = !asked.query.contains("bodies=false");
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (int i = (int) Math.min(first, entries.size()); i < entries.size(); i++) {
            Entry entry = entries.get(i);
            page.writeBytes((bodies || !entry.header().kind().mayComeWithoutBody() ? entry : entry.withoutBody()).encode());
        }
        return Answer.of(200, page.toByteArray());
    }

    static String headJson(Entry last) {
        return "{\"sequence\":" + last.header().sequence() + ",\"id\":\"" + last.id().hex() + "\"}";
    }

    /// Lies no more.
    public void behaves() {
        past.addAll(lies);
        lies.clear();
        alone.clear();
    }

    /// Tells no other lie than this one from now on; there is no moment of truth in between.
    void only(Lie lie) {
        past.addAll(lies.stream().filter(other -> other != lie).toList());
        lies.removeIf(other -> other != lie);
        alone.removeIf(other -> other != lie);
    }

    /// Keeps the pages of a log from a party, which then believes that there is nothing new.
    Lie withholds(Party party, LogId log) {
        return changesPages(party, log, Integer.MAX_VALUE, Front::page).perhaps();
    }

    List<Lie> lies() {
        return java.util.stream.Stream.concat(past.stream(), lies.stream()).toList();
    }

    /// Everything that was asked and answered since the last call of [#forgets].
    List<Crossed> crossed() {
        return List.copyOf(crossed);
    }

    void forgets() {
        crossed.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Asked asked = asked(exchange);
            for (Lie lie : lies) {
                if (alone.contains(lie) && applies(lie, asked)) {
                    send(exchange, asked, lie.tell.apply(asked, Answer.of(200, new byte[0])));
                    return;
                }
            }
            forward(exchange, asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean applies(Lie lie, Asked asked) {
        return lie.told.get() < lie.left && lie.when.test(asked) && lie.told.incrementAndGet() <= lie.left;
    }

    private Asked asked(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String device = devices.getOrDefault(authorization, "");
        return new Asked(
                exchange.getRequestMethod(),
                uri.getPath(),
                String.valueOf(uri.getRawQuery()),
                device,
                exchange.getRequestBody().readAllBytes());
    }

    private void forward(HttpExchange exchange, Asked asked) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
                .method(asked.method, asked.body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(asked.body));
        for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
            if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> request.header(header.getKey(), value));
            }
        }
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        response.headers().map().forEach((name, values) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        try (InputStream in = response.body()) {
            if (response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream")) {
                stream(exchange, response.statusCode(), in);
                return;
            }
            Answer truth = Answer.of(response.statusCode(), in.readAllBytes());
            learn(asked, truth);
            Answer told = truth;
            for (Lie lie : lies) {
                if (!alone.contains(lie) && applies(lie, asked)) {
                    told = lie.tell.apply(asked, told);
                }
            }
            send(exchange, asked, told);
        }
    }

    private void learn(Asked asked, Answer truth) {
        Matcher token = TOKEN.matcher(truth.text());
        Matcher device = DEVICE.matcher(new String(asked.body, StandardCharsets.UTF_8));
        if (asked.path.equals("/v1/sessions") && token.find() && device.find()) {
            devices.put("Bearer " + token.group(1), device.group(1));
        }
    }

    private void send(HttpExchange exchange, Asked asked, Answer answer) throws IOException {
        crossed.add(new Crossed(asked, answer));
        answer.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean empty = answer.body.length == 0 || answer.status == 204 || answer.status == 304;
        exchange.sendResponseHeaders(answer.status, empty ? -1 : answer.body.length);
        if (empty) {
            return;
        }
        OutputStream out = exchange.getResponseBody();
        if (!answer.drips) {
            out.write(answer.body);
            return;
        }
        for (byte b : answer.body) {
            out.write(b);
            out.flush();
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(DRIP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// As it comes, because an event stream has no end.
    private static void stream(HttpExchange exchange, int status, InputStream in) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        OutputStream out = exchange.getResponseBody();
        byte[] buffer = new byte[8 << 10];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        workers.shutdownNow();
    }
}
