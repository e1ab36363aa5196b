package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bounded HTTP requests to the service.
///
/// HTTP/1.1, because the JDK's client uses one HTTP/2 connection per origin and fails requests beyond the server's
/// limit of streams; no redirects, because a redirect is the service naming another host. Requests that are refused
/// as too many or lost on a dropped connection are tried again a few times, where the method says that this is safe.
final class HttpExchange implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final int TRIES_MAX = 4;

    /// An answer whose body was read whole, within bounds.
    record Answer(int status, byte[] body) {}

    private final URI address;
    private final ServiceTrust trust;
    private final HttpClient client;
    private final SlowAnswer.Floor floor;

    HttpExchange(URI address, ServiceTrust trust) {
        this(address, trust, SlowAnswer.Floor.OF_ANSWERS);
    }

    /// @param floor how slowly an answer may come
    HttpExchange(URI address, ServiceTrust trust, SlowAnswer.Floor floor) {
        this.address = address;
        this.floor = floor;
        this.trust = trust;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(trust.forService())
                .build();
    }

    HttpClient client() {
        return client;
    }

    URI resolve(String path) {
        return URI.create(address.toString().replaceAll("/+$", "") + path);
    }

    /// Sends and reads the whole answer.
    ///
    /// @throws CofferException UNAVAILABLE if there is none, or it drips; LIMIT if it is too long
    Answer send(
            String method, String path, Map<String, String> headers, @Nullable String type, byte @Nullable [] body)
            throws CofferException {
        HttpRequest.Builder request = HttpRequest.newBuilder(resolve(path))
                .timeout(REQUEST_TIMEOUT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        if (type != null) {
            request.setHeader("Content-Type", type);
        }
        return retried(request.build(), !method.equals("PUT"));
    }

    private Answer retried(HttpRequest request, boolean mayRepeat) throws CofferException {
        for (int tries = 1; ; tries++) {
            try {
                Answer answer = once(request);
                boolean busy = answer.status() == 429 || answer.status() == 503;
                if (!busy || tries == TRIES_MAX) {
                    return answer;
                }
            } catch (SlowAnswer e) {
                // Trying again would hold the caller as long once more.
                throw new CofferException(ErrorCode.UNAVAILABLE, "the service's answer came too slowly", e);
            } catch (IOException e) {
                CofferException refusal = trust.refusal(e);
                if (refusal != null) {
                    throw refusal;
                }
                if (!mayRepeat || tries == TRIES_MAX) {
                    throw new CofferException(ErrorCode.UNAVAILABLE, "the service cannot be reached", e);
                }
            }
            Pause.beforeTry(tries + 1);
        }
    }

    private Answer once(HttpRequest request) throws IOException, CofferException {
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] body = SlowAnswer.read(in, HttpService.ANSWER_BYTES_MAX, floor);
                if (body.length > HttpService.ANSWER_BYTES_MAX) {
                    throw new CofferException(ErrorCode.LIMIT, "the service's answer is too long");
                }
                return new Answer(response.statusCode(), body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.UNAVAILABLE, "the request was interrupted", e);
        }
    }

    /// `shutdownNow`, because an open client delays the end of the process by a third of a second.
    @Override
    public void close() {
        client.shutdownNow();
    }
}
