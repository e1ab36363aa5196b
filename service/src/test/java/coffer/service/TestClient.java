package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.LogId;
import coffer.core.api.ProblemInfo;
import coffer.core.log.Entry;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A plain HTTP client that says what it got.
final class TestClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI address;

    TestClient(URI address) {
        this.address = address;
    }

    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        byte[] body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        <T> T json(Class<T> type) throws IOException {
            assertThat(status()).as(() -> new String(body(), StandardCharsets.UTF_8)).isLessThan(300);
            return JSON.readValue(body(), type);
        }

        Answer expect(int status) {
            assertThat(status()).as(() -> new String(body(), StandardCharsets.UTF_8)).isEqualTo(status);
            return this;
        }

        /// The problem, whose last part of the type and whose status must be these.
        ProblemInfo problem(int status, String type) throws IOException {
            expect(status);
            assertThat(header("content-type")).isEqualTo("application/problem+json");
            ProblemInfo problem = JSON.readValue(body(), ProblemInfo.class);
            assertThat(problem.type()).isEqualTo("urn:coffer:problem:" + type);
            assertThat(problem.status()).isEqualTo(status);
            return problem;
        }
    }

    String origin() {
        return address.toString();
    }

    HttpRequest.Builder request(@Nullable String token, String path) {
        URI uri = path.startsWith("http") ? URI.create(path) : URI.create(address + path);
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(40));
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder;
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new Answer(http.send(request.build(), BodyHandlers.ofByteArray()));
    }

    HttpClient http() {
        return http;
    }

    Answer get(@Nullable String token, String path) throws IOException, InterruptedException {
        return send(request(token, path));
    }

    Answer post(@Nullable String token, String path, Object body) throws IOException, InterruptedException {
        return postRaw(token, path, JSON.writeValueAsBytes(body));
    }

    Answer postRaw(@Nullable String token, String path, byte[] body) throws IOException, InterruptedException {
        return send(request(token, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    Answer put(@Nullable String token, String path, String type, byte[] body) throws IOException, InterruptedException {
        return send(request(token, path).header("Content-Type", type).PUT(BodyPublishers.ofByteArray(body)));
    }

    /// Sends an entry to the place it was made for.
    Answer put(@Nullable String token, Entry entry) throws IOException, InterruptedException {
        LogId log = entry.header().log() == null
                ? new LogId(entry.id().value())
                : entry.header().log();
        return put(token, entryPath(log, entry.header().sequence()), "application/cbor", entry.encode());
    }

    static String entryPath(LogId log, long sequence) {
        return "/v1/logs/" + log.hex() + "/entries/" + sequence;
    }

    Answer with(@Nullable String token, String method, String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder builder = request(token, path).method(method, BodyPublishers.noBody());
        headers.forEach(builder::header);
        return send(builder);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
