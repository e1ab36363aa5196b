package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.LogId;
import coffer.core.log.Control;
import coffer.core.log.Entry;
import coffer.core.log.LogFixture;
import coffer.core.log.LogFixture.TestDevice;
import coffer.core.log.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Server-sent events over HTTP.
class EventApiTest extends ServiceHarness {

    @Test
    void aListener_isToldOfPresentAndNewHeads() throws Exception {
        TestAccount account = account(1);
        String token = account.token();
        LogId vault = account.beginVault(token);
        try (EventReader events = new EventReader(token)) {
            events.awaitLine("data: {\"log\":\"" + account.id().hex() + "\",\"sequence\":0");
            events.awaitLine("data: {\"log\":\"" + vault.hex() + "\",\"sequence\":0");
            client.put(token, account.commit()).expect(201);
            events.awaitLine("data: {\"log\":\"" + vault.hex() + "\",\"sequence\":1");
        }
    }

    @Test
    void aListener_isNotToldOfOthers() throws Exception {
        TestAccount mine = account(1);
        TestAccount other = account(2);
        String token = mine.token();
        String otherToken = other.token();
        LogId otherVault = other.beginVault(otherToken);
        try (EventReader events = new EventReader(token)) {
            client.put(otherToken, other.commit()).expect(201);
            mine.beginVault(token);
            assertThat(events.awaitLine("data: {\"log\":\"" + mine.vault().id().hex()))
                    .noneMatch(line -> line.contains(otherVault.hex()));
        }
    }

    @Test
    void silence_isBrokenByPings() throws Exception {
        restart(Map.of("idle-timeout", "PT0.4S"));
        TestAccount account = account(1);
        try (EventReader events = new EventReader(account.token())) {
            events.awaitLine("event: ping");
            events.awaitLine("event: ping");
            events.awaitLine("event: ping");
        }
    }

    @Test
    void aRemovedDevicesStream_ends() throws Exception {
        TestAccount account = account(1);
        String token = account.token();
        TestDevice second = LogFixture.device(50);
        Entry added = account.addDevice(second, Role.FULL);
        client.put(token, added).expect(201);
        account.applied(added);
        try (EventReader events = new EventReader(account.token(second))) {
            events.awaitLine("data: {");
            Entry removed = account.next(
                    account.device,
                    2,
                    new Control.DeviceRemoved(
                            List.of(second.id()), LogFixture.generation(2, account.device, account.recovery)));
            client.put(token, removed).expect(201);
            events.awaitEnd();
        }
    }

    @Test
    void streamsOfOneDevice_areBounded() throws Exception {
        restart(Map.of("streams-per-device", "2"));
        TestAccount account = account(1);
        String token = account.token();
        try (EventReader first = new EventReader(token);
                EventReader second = new EventReader(token)) {
            first.awaitLine("data: {");
            second.awaitLine("data: {");
            client.get(token, "/v1/events").problem(429, "too-many-requests");
        }
    }

    @Test
    void closingTheService_endsStreams() throws Exception {
        TestAccount account = account(1);
        try (EventReader events = new EventReader(account.token())) {
            events.awaitLine("data: {");
            long start = System.nanoTime();
            service.close();
            events.awaitEnd();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    private final class EventReader implements AutoCloseable {
        private final BufferedReader lines;
        private final InputStream in;

        EventReader(String token) throws Exception {
            HttpResponse<InputStream> answer =
                    client.http().send(client.request(token, "/v1/events").build(), BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
            in = answer.body();
            lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        }

        List<String> awaitLine(String start) throws Exception {
            return CompletableFuture.supplyAsync(() -> read(start)).get(10, TimeUnit.SECONDS);
        }

        private List<String> read(String start) {
            List<String> seen = new ArrayList<>();
            try {
                String line = lines.readLine();
                while (line != null) {
                    seen.add(line);
                    if (line.startsWith(start)) {
                        return seen;
                    }
                    line = lines.readLine();
                }
            } catch (IOException e) {
                throw new AssertionError("the stream broke before " + start, e);
            }
            throw new AssertionError("the stream ended before " + start);
        }

        void awaitEnd() throws Exception {
            CompletableFuture.runAsync(() -> {
                        try {
                            while (lines.readLine() != null) {
                                Thread.onSpinWait();
                            }
                        } catch (IOException e) {
                            // A cut stream has ended, too.
                            return;
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
