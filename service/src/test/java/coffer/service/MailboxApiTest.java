package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Hash;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Pairing mailboxes over HTTP.
class MailboxApiTest extends ServiceHarness {

    private final String box = "/v1/mailboxes/" + Hash.of(new byte[] {7}).hex();

    @Test
    void aLetter_isWrittenOnceAndRead() throws Exception {
        client.get(null, box + "/0").problem(404, "not-found");
        put(0, "letter").expect(204);
        assertThat(client.get(null, box + "/0").expect(200).body()).asString(StandardCharsets.UTF_8).isEqualTo("letter");
        put(0, "again").problem(409, "already-written");
        put(1, "other").expect(204);
        assertThat(client.get(null, box + "/0").body()).asString(StandardCharsets.UTF_8).isEqualTo("letter");
    }

    @Test
    void aReader_waitsForTheLetter() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> waiting = client.http()
                .sendAsync(client.request(null, box + "/2?wait=10").build(), BodyHandlers.ofByteArray());
        Thread.sleep(100);
        assertThat(waiting).isNotDone();
        put(2, "at last").expect(204);
        assertThat(waiting.get(5, TimeUnit.SECONDS).body()).asString(StandardCharsets.UTF_8).isEqualTo("at last");
        long start = System.nanoTime();
        client.get(null, box + "/3?wait=1").problem(404, "not-found");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void badBoxesSlotsSizesAndWaits_areRefused() throws Exception {
        client.get(null, "/v1/mailboxes/short/0").problem(404, "not-found");
        client.get(null, box + "/4").problem(404, "not-found");
        client.get(null, box + "/-1").problem(404, "not-found");
        client.get(null, box + "/0?wait=26").problem(400, "malformed");
        client.put(null, box + "/0", "application/octet-stream", new byte[(64 << 10) + 1]).problem(413, "too-large");
        client.put(null, box + "/0", "application/octet-stream", new byte[64 << 10]).expect(204);
    }

    @Test
    void boxes_areBoundedInNumber() throws Exception {
        restart(Map.of("mailboxes", "2"));
        for (int i = 0; i < 3; i++) {
            client.put(
                            null,
                            "/v1/mailboxes/" + Hash.of(new byte[] {(byte) i}).hex() + "/0",
                            "application/octet-stream",
                            new byte[1])
                    .expect(i < 2 ? 204 : 503);
        }
    }

    private TestClient.Answer put(int slot, String letter) throws Exception {
        return client.put(
                null, box + "/" + slot, "application/octet-stream", letter.getBytes(StandardCharsets.UTF_8));
    }
}
