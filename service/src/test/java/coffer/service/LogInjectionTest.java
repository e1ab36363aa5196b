package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nothing of what anybody sends gets into the service's log, so that nobody can forge its lines.
class LogInjectionTest extends ServiceHarness {

    private static final String MARK = "f0rged-by-a-user";

    /// Ends of lines in every form, what closes quotes and fields, what moves a terminal's cursor, what some programs look up, and much of it.
    private static final List<String> HOSTILE = List.of(
            MARK,
            "\r\n2026-01-01 INFO event=forged " + MARK,
            "\n" + MARK,
            "\r" + MARK,
            "%0d%0aevent=forged%20" + MARK,
            "%0A" + MARK + "%00",
            "\u2028event=forged " + MARK,
            "\" event=\"forged " + MARK,
            "\u001b[2J" + MARK,
            "${jndi:ldap://127.0.0.1:9/" + MARK + "}",
            "{}{}{}" + MARK + "%s%n",
            MARK + "x".repeat(100_000));

    private static final List<String> PLACES = List.of(
            "GET /%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /v1/logs/%s/head HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /tlog/tile/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /v1/blobs/x?%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /v1/vaults HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
            "GET /v1/vaults HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n",
            "GET /v1/vaults HTTP/1.1\r\nHost: localhost\r\nUser-Agent: %s\r\nX-Forwarded-For: %s\r\nConnection: close\r\n\r\n",
            "%s /v1/vaults HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /v1/vaults %s\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

    private static final List<String> BODIES = List.of(
            "{\"account\":\"%s\",\"device\":\"%s\"}",
            "{\"%s\":1}",
            "%s",
            "{\"account\":\"a\",\"device\":{\"%s\":[]}}");

    /// A line is what is written, and its fields are words of ours, numbers, ids, or a quoted constant.
    private static final Pattern LINE = Pattern.compile("event=[a-z-]+( [a-z]+=(\"[^\"\\p{Cntrl}]*\"|[^\\s\"]*))*");

    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("coffer");
    private final Level before = root.getLevel();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            records.add(logged);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        ours.setLevel(Level.ALL);
    }

    @AfterEach
    void stopListening() {
        root.removeHandler(handler);
        root.setLevel(before);
        ours.setLevel(null);
    }

    /// Whatever the answer is, the next one must come.
    private void send(String request) throws IOException {
        URI address = URI.create(client.origin());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readNBytes(1 << 20)).hasSizeLessThan(1 << 20);
        } catch (java.net.SocketException e) {
            assertThat(e).as("cut off, which is an answer").isNotNull();
        }
    }

    private void post(String path, String json) throws IOException, InterruptedException {
        try {
            client.postRaw(null, path, json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            assertThat(json).as("what is too long is cut off").hasSizeGreaterThan(50_000);
        }
    }

    @Test
    void whatUsersSend_isInNoLineOfTheLog() throws Exception {
        for (String hostile : HOSTILE) {
            for (String place : PLACES) {
                send(place.replace("%s", hostile));
            }
            for (String body : BODIES) {
                post("/v1/sessions/challenge", body.replace("%s", hostile));
                post("/v1/accounts/find", body.replace("%s", hostile.replace("\n", "\\n").replace("\r", "\\r")));
            }
        }
        client.get(null, "/v1/service").expect(200);
        assertThat(records).as("every request is logged at the finest level").hasSizeGreaterThan(HOSTILE.size() * BODIES.size());
        SimpleFormatter formatter = new SimpleFormatter();
        for (LogRecord logged : records) {
            assertThat(formatter.format(logged)).doesNotContain(MARK).doesNotContain("forged");
            if (String.valueOf(logged.getLoggerName()).startsWith("coffer")) {
                assertThat(formatter.formatMessage(logged)).matches(LINE);
                assertThat(logged.getThrown()).as("nobody can make the service fail by what they send").isNull();
            }
        }
    }
}
