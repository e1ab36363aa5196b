package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.core.log.Residence;
import coffer.seal.Slice;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransfersTest {

    private static final LogId VAULT = LogId.of(new byte[32]);

    @TempDir
    Path home;

    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private final ArrayDeque<Integer> statuses = new ArrayDeque<>(); // of the next answers; then all is well
    private final Bandwidth bandwidth = Bandwidth.unlimited();
    /// What a request for a path waits for before it is answered; null for nothing.
    private volatile Function<String, @Nullable CountDownLatch> slow = path -> null;

    private HttpServer provider;
    private GrantingService service;
    private Transfers transfers;
    private final Set<Places.Use> allowed = EnumSet.allOf(Places.Use.class);
    private byte[] pack;
    private PackRef ref;

    /// The provider lies in this region.
    private volatile String lies = "local";
    private volatile Residence residence = new Residence("local", 0, List.of());
    /// What the vault's log says once it is read on.
    private volatile Residence news = residence;

    private final VaultRegions regions = new VaultRegions() {
        @Override
        public Residence now() {
            return residence;
        }

        @Override
        public void refresh() {
            residence = news;
        }
    };

    private void place(Set<String> regions, URI address, Places.Use use) throws CofferException {
        if (!regions.contains(lies) || !allowed.contains(use)) {
            throw new CofferException(ErrorCode.RESIDENCY, "as the test wants");
        }
    }

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        provider.createContext("/", this::answer);
        provider.start();
        service = new GrantingService("http://127.0.0.1:" + provider.getAddress().getPort());
        transfers = new Transfers(service, this::place, VAULT, regions, Duration.ofSeconds(2), bandwidth);
        pack = Workbench.random(700_000, 1);
        ref = new PackRef(PackId.of(Hash.of(pack).toArray()), pack.length);
    }

    @AfterEach
    void stop() {
        transfers.close();
        provider.stop(0);
    }

    @Test
    void uploadedPack_isReadBackWholeAndByRange() throws Exception {
        transfers.upload(ref.id(), Slice.of(pack));
        assertThat(stored).containsKey("/0/" + ref.id().hex()).containsKey("/1/" + ref.id().hex());
        byte[] whole = new byte[pack.length];
        assertThat(transfers.read(ref, 0, pack.length, whole, 0, 1)).isEqualTo(1);
        assertThat(whole).isEqualTo(pack);
        byte[] range = new byte[1_000];
        transfers.read(ref, 5_000, 900, range, 100, 0);
        assertThat(Arrays.copyOfRange(range, 100, 1_000)).isEqualTo(Arrays.copyOfRange(pack, 5_000, 5_900));
    }

    @Test
    void file_isUploadedLikeBytes() throws Exception {
        Path file = Files.write(home.resolve("pack"), pack);
        transfers.upload(ref.id(), file);
        assertThat(stored.get("/0/" + ref.id().hex())).isEqualTo(pack);
    }

    @Test
    void limitedTransfers_takeTheirTime_andArriveWhole() throws Exception {
        bandwidth.up.limit(2_000_000);
        bandwidth.down.limit(1_000_000);
        long start = System.nanoTime();
        transfers.upload(ref.id(), Slice.of(pack)); // to two providers
        long sent = System.nanoTime();
        byte[] whole = new byte[pack.length];
        transfers.read(ref, 0, pack.length, whole, 0, 0);
        assertThat(whole).isEqualTo(pack);
        // No more than a rate that is kept, what it saves up, and the last piece allow.
        assertThat(Duration.ofNanos(sent - start)).isGreaterThan(Duration.ofMillis(400));
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThan(Duration.ofMillis(400));
    }

    @Test
    void passingFailures_areTriedAgain() throws Exception {
        statuses.addAll(List.of(503, 500, 429));
        transfers.upload(ref.id(), Slice.of(pack));
        assertThat(stored).hasSize(2);
        statuses.addAll(List.of(503, 500));
        byte[] whole = new byte[pack.length];
        transfers.read(ref, 0, pack.length, whole, 0, 0);
        assertThat(whole).isEqualTo(pack);
    }

    @Test
    void refusedGrant_isReplaced_andWhatIsStoredIsNotSentAgain() throws Exception {
        statuses.addAll(List.of(200, 403));
        transfers.upload(ref.id(), Slice.of(pack));
        assertThat(service.uploadsAsked).isEqualTo(2);
        assertThat(service.requests).as("two at first, then the one that was refused").hasSize(3);
        assertThat(service.avoided).as("a refused grant says nothing about the provider").containsOnly(Set.of());
    }

    @Test
    void aProviderThatDoesNotAnswerRightly_isAvoided() throws Exception {
        statuses.addAll(List.of(503, 503, 503, 503, 503));
        transfers.upload(ref.id(), Slice.of(pack));
        assertThat(service.avoided.getLast()).hasSize(1);
        assertThat(stored).hasSize(2);
    }

    @Test
    void aCopyThatIsSlow_isOvertakenByTheNext() throws Exception {
        transfers.upload(ref.id(), Slice.of(pack));
        CountDownLatch end = new CountDownLatch(1);
        slow = path -> path.startsWith("/0/") ? end : null;
        byte[] whole = new byte[pack.length];
        assertThat(transfers.read(ref, 0, pack.length, whole, 0, 0)).isEqualTo(1);
        assertThat(whole).isEqualTo(pack);
        end.countDown();
    }

    @Test
    void fullProvider_isQuotaAtOnce() {
        statuses.add(507);
        assertCode(ErrorCode.QUOTA, () -> transfers.upload(ref.id(), Slice.of(pack)));
    }

    @Test
    void providerThatStaysDown_isUnavailable() {
        provider.stop(0);
        assertCode(ErrorCode.UNAVAILABLE, () -> transfers.upload(ref.id(), Slice.of(pack)));
        assertCode(ErrorCode.UNAVAILABLE, () -> transfers.read(ref, 0, pack.length, new byte[pack.length], 0, 0));
    }

    @Test
    void redirect_isNotFollowed() {
        statuses.addAll(List.of(302, 302));
        assertCode(ErrorCode.PROTOCOL, () -> transfers.upload(ref.id(), Slice.of(pack)));
        assertThat(stored).isEmpty();
    }

    @Test
    void copiesAtOneAddress_areTwoCopies() throws CofferException {
        service.oneAddress = true;
        transfers.upload(ref.id(), Slice.of(pack));
        assertThat(service.requests).hasSize(2);
    }

    @Test
    void origins_areWhereTheCopiesLie() throws CofferException {
        String origin = "http://127.0.0.1:" + provider.getAddress().getPort();
        assertThat(transfers.origins(ref)).containsExactly(origin, origin);
    }

    @Test
    void placeOutsideTheRegion_getsNothing() {
        allowed.clear();
        assertCode(ErrorCode.RESIDENCY, () -> transfers.upload(ref.id(), Slice.of(pack)));
        assertCode(ErrorCode.RESIDENCY, () -> transfers.read(ref, 0, 10, new byte[10], 0, 0));
        assertThat(service.requests).isEmpty();
        allowed.add(Places.Use.READ);
        assertCode(ErrorCode.RESIDENCY, () -> transfers.upload(ref.id(), Slice.of(pack)));
        assertThat(stored).isEmpty();
    }

    @Test
    void aRegionThatWasLeft_isReadFrom_andNothingIsSentThere() throws Exception {
        transfers.upload(ref.id(), Slice.of(pack));
        residence = new Residence("other", 5, List.of("local"));
        news = residence;
        byte[] whole = new byte[pack.length];
        transfers.read(ref, 0, pack.length, whole, 0, 0);
        assertThat(whole).isEqualTo(pack);
        stored.clear();
        service.requests.clear();
        assertCode(ErrorCode.RESIDENCY, () -> transfers.upload(ref.id(), Slice.of(pack)));
        assertThat(stored).isEmpty();
        assertThat(service.requests).isEmpty();
    }

    @Test
    void aMoveThatThisDeviceHasNotHeardOf_isReadOfBeforeAnythingIsRefused() throws Exception {
        residence = new Residence("before", 0, List.of());
        news = new Residence("local", 5, List.of("before"));
        transfers.upload(ref.id(), Slice.of(pack));
        assertThat(stored).hasSize(2);
        residence = new Residence("before", 0, List.of());
        byte[] whole = new byte[pack.length];
        transfers.read(ref, 0, pack.length, whole, 0, 0);
        assertThat(whole).isEqualTo(pack);
    }

    @Test
    void copyThatIsMissing_isTakenFromTheOther_andIntegrityWhenAllAre() throws Exception {
        transfers.upload(ref.id(), Slice.of(pack));
        stored.remove("/0/" + ref.id().hex());
        byte[] whole = new byte[pack.length];
        assertThat(transfers.read(ref, 0, pack.length, whole, 0, 0)).isEqualTo(1);
        assertThat(whole).isEqualTo(pack);
        stored.clear();
        assertCode(ErrorCode.INTEGRITY, () -> transfers.read(ref, 0, pack.length, whole, 0, 0));
    }

    @Test
    void answerOfAnotherLength_isNotTakenForThePack() throws Exception {
        transfers.upload(ref.id(), Slice.of(pack));
        stored.put("/0/" + ref.id().hex(), Arrays.copyOf(pack, 10));
        stored.put("/1/" + ref.id().hex(), Arrays.copyOf(pack, pack.length + 10));
        assertThatThrownBy(() -> transfers.read(ref, 0, pack.length, new byte[pack.length], 0, 0))
                .isInstanceOf(CofferException.class);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            service.requests.add(exchange.getRequestMethod() + " " + path);
            byte[] body = exchange.getRequestBody().readAllBytes();
            CountDownLatch wait = slow.apply(path);
            if (wait != null) {
                awaitUninterruptibly(wait);
            }
            Integer status;
            synchronized (statuses) {
                status = statuses.pollFirst();
            }
            if (status != null && status != 200) {
                exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
                exchange.sendResponseHeaders(status, -1);
            } else if (exchange.getRequestMethod().equals("PUT")) {
                stored.put(path, body);
                exchange.sendResponseHeaders(200, -1);
            } else {
                send(exchange, stored.get(path));
            }
        }
    }

    private static void send(HttpExchange exchange, byte @Nullable [] bytes) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (bytes == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (range == null) {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        } else {
            List<String> ends = List.of(range.substring("bytes=".length()).split("-", 2));
            int from = Integer.parseInt(ends.getFirst());
            int to = Integer.parseInt(ends.getLast());
            exchange.sendResponseHeaders(206, to - from + 1);
            exchange.getResponseBody().write(bytes, from, to - from + 1);
        }
    }
}
