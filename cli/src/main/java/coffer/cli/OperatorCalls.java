package coffer.cli;

import coffer.agent.Json;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls of the operator's API of a service on this machine. Address and key stand in a file of the service's folder that
/// only its own user can read.
final class OperatorCalls {

    private static final String FILE = "operator.json";
    private static final String DEFAULT_FOLDER = "coffer-service";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Coffer coffer;
    private @Nullable String data;

    OperatorCalls(Coffer coffer) {
        this.coffer = coffer;
    }

    void useFolder(String folder) {
        data = folder;
    }

    Json.Fields get(String path) throws CofferException {
        return call("GET", path, "");
    }

    Json.Fields post(String path, Json.Fields body) throws CofferException {
        return call("POST", path, body.line());
    }

    /// A file as it is.
    String text(String path) throws CofferException {
        return send("GET", path, "");
    }

    private Json.Fields call(String method, String path, String body) throws CofferException {
        String answer = send(method, path, body);
        return answer.isEmpty() ? Json.object().build() : parse(answer);
    }

    private static Json.Fields parse(String answer) throws CofferException {
        try {
            return Json.parseObject(answer);
        } catch (Json.JsonException e) {
            throw new CofferException(ErrorCode.PROTOCOL, "What answers at the operator's address is no Coffer service.", e);
        }
    }

    private String send(String method, String path, String body) throws CofferException {
        Json.Fields access = access();
        HttpRequest request = HttpRequest.newBuilder(URI.create(access.text("address") + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + access.text("key"))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw refusal(parse(answer.body()));
            }
            return answer.body();
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.UNAVAILABLE,
                    "The service does not answer at its operator's address.",
                    "Nothing was changed. Is it running? `coffer service run` starts it; --data names its folder.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.UNAVAILABLE, "Interrupted; the service may have done it.", e);
        }
    }

    private static CofferException refusal(Json.Fields problem) {
        String detail = problem.findText("detail").orElse("The service refused.");
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(one -> one.name().equals(problem.findText("code").orElse("")))
                .findFirst()
                .orElse(ErrorCode.PROTOCOL);
        return new CofferException(code, detail, Map.of(CofferException.ADVICE, "Nothing was changed."));
    }

    private Json.Fields access() throws CofferException {
        Path file = folder().resolve(FILE);
        try {
            return Json.parseObject(Files.readString(file));
        } catch (IOException | Json.JsonException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "No running service was found at " + Shown.name(folder().toString()) + ".",
                    "Nothing was changed. Start the service, and name its folder with --data (as its user: the folder is not for"
                            + " others).",
                    e);
        }
    }

    /// The folder named; else that of `coffer up` in this home; else where a service keeps its data by default.
    private Path folder() {
        if (data != null) {
            return coffer.terminal().resolve(data);
        }
        Path personal = coffer.home().resolve("service");
        return Files.exists(personal.resolve(FILE)) ? personal : coffer.terminal().resolve(DEFAULT_FOLDER);
    }
}
