package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a device takes from a service that wastes its time.
@Timeout(60)
class HttpExchangeTest {

    private static final SlowAnswer.Floor IMPATIENT = new SlowAnswer.Floor(Duration.ofMillis(200), 1 << 20);

    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stopServer() {
        over.countDown();
        server.stop(0);
    }

    private interface Body {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private HttpExchange serving(Body body, SlowAnswer.Floor floor) {
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                body.write(exchange.getResponseBody());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return new HttpExchange(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), ServiceTrust.PLATFORM, floor);
    }

    private static void assertGivenUp(HttpExchange http) {
        assertThatThrownBy(() -> http.send("GET", "/", Map.of(), null, null))
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("slowly");
    }

    @Test
    void anAnswerThatDrips_isGivenUp() throws Exception {
        try (HttpExchange http = serving(
                out -> {
                    while (over.getCount() > 0) {
                        out.write(1);
                        out.flush();
                        Thread.sleep(20);
                    }
                },
                IMPATIENT)) {
            assertGivenUp(http);
        }
    }

    @Test
    void anAnswerThatStops_isGivenUp() throws Exception {
        try (HttpExchange http = serving(
                out -> {
                    out.write(new byte[100]);
                    out.flush();
                    over.await();
                },
                IMPATIENT)) {
            assertGivenUp(http);
        }
    }

    @Test
    void anAnswerThatPauses_isReadWhole_ifItIsAboveTheFloor() throws Exception {
        try (HttpExchange http = serving(
                out -> {
                    out.write(new byte[100]);
                    out.flush();
                    Thread.sleep(300);
                    out.write(new byte[100]);
                },
                new SlowAnswer.Floor(Duration.ofMillis(50), 1))) {
            assertThat(http.send("GET", "/", Map.of(), null, null).body()).hasSize(200);
        }
    }

    @Test
    void anAnswerWithoutEnd_isLimit() throws Exception {
        try (HttpExchange http = serving(
                out -> {
                    byte[] piece = new byte[1 << 16];
                    while (over.getCount() > 0) {
                        out.write(piece);
                    }
                },
                SlowAnswer.Floor.OF_ANSWERS)) {
            assertThatThrownBy(() -> http.send("GET", "/", Map.of(), null, null))
                    .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
        }
    }
}
