package coffer.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Operations at work for callers over HTTP, whether commands or pages: reads what they ask, streams what comes of it, and
/// knows all that run.
final class Calls {

    private static final int REQUEST_MAX = 1 << 20;

    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    /// Answers a request with what comes of an operation.
    void serve(String name, Operations.Operation operation, Request request, Response response, Callback callback)
            throws IOException {
        Optional<Json.Fields> arguments = arguments(request);
        if (arguments.isEmpty()) {
            answer(response, callback, HttpStatus.BAD_REQUEST_400, message("The request is not a JSON object."));
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-ndjson");
        Running work = new Running(name);
        running.add(work);
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            work.serve(operation, arguments.get(), out);
        } catch (IOException e) {
            callback.failed(e);
            return;
        } finally {
            running.remove(work);
        }
        callback.succeeded();
    }

    /// The object that a request carries; empty if it carries none.
    static Optional<Json.Fields> arguments(Request request) throws IOException {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(REQUEST_MAX + 1);
            if (body.length > REQUEST_MAX) {
                return Optional.empty();
            }
            return Optional.of(Json.parseObject(new String(body, StandardCharsets.UTF_8)));
        } catch (Json.JsonException e) {
            return Optional.empty();
        }
    }

    static void answer(Response response, Callback callback, int status, Json.Fields json) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, json.line() + "\n", callback);
    }

    static Json.Fields message(String text) {
        return Json.object().put("message", text).build();
    }

    /// Asks all work to end.
    void cancelAll() {
        running.forEach(Running::cancel);
    }

    int count() {
        return running.size();
    }
}
