package coffer.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The operator of a service, as tools on its machine are: with the file of its folder and nothing else.
final class Operator implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWERS_MAX = 600;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path data;

    /// @param data the service's folder
    Operator(Path data) {
        this.data = data;
    }

    private JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
        JsonNode access = JSON.readTree(Files.readString(data.resolve("operator.json")));
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(access.get("address").asText() + path))
                        .header("Authorization", "Bearer " + access.get("key").asText())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    void addProvider(String id, Map<String, String> settings) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("id", id);
        body.set("settings", JSON.valueToTree(settings));
        call("POST", "/v1/admin/providers", body.toString());
    }

    void change(String id, String change, int share) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode()
                .put("change", change)
                .put("share", share)
                .put("reason", "a test of " + change)
                .put("unevaluated", false)
                .put("lost", false);
        call("POST", "/v1/admin/providers/" + id + "/state", body.toString());
    }

    void evaluate(String id, String period, Map<String, String> criteria) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("period", period);
        body.set("criteria", JSON.valueToTree(criteria));
        call("POST", "/v1/admin/providers/" + id + "/evaluation", body.toString());
    }

    JsonNode evaluation(String id) throws IOException, InterruptedException {
        return call("GET", "/v1/admin/providers/" + id + "/evaluation", "");
    }

    JsonNode provider(String id) throws IOException, InterruptedException {
        return call("GET", "/v1/admin/providers/" + id, "");
    }

    /// Asks until a provider is as wanted; fails after two minutes.
    JsonNode await(String id, Predicate<JsonNode> wanted) throws IOException, InterruptedException {
        JsonNode provider = provider(id);
        for (int i = 0; i < ANSWERS_MAX && !wanted.test(provider); i++) {
            TimeUnit.MILLISECONDS.sleep(200);
            provider = provider(id);
        }
        if (!wanted.test(provider)) {
            throw new AssertionError("still: " + provider);
        }
        return provider;
    }

    @Override
    public void close() {
        http.close();
    }
}
