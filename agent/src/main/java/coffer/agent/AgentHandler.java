package coffer.agent;

import coffer.core.CofferException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/// The local API over HTTP: checks the caller, then hands to [Operations] or streams a file's content. What is not for
/// commands goes to [PageHandler].
final class AgentHandler extends Handler.Abstract {

    private static final String PREFIX = "/v1/";
    private static final int OUTCOMES_KEPT = 64;

    private final Guard guard;
    private final DeviceSlot slot;
    private final Operations operations;
    private final Runnable stop;
    private final PageHandler pages;
    private final LocalEntrance entrance;
    private final Calls calls;

    /// How streams ended that broke off, by the request id their callers chose; the caller asks here why.
    private final Map<String, Json.Fields> outcomes = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Json.Fields> eldest) {
            return size() > OUTCOMES_KEPT;
        }
    });

    private volatile long lastRequest = System.nanoTime();

    AgentHandler(Guard guard, DeviceSlot slot, Operations operations, Calls calls, PageHandler pages, LocalEntrance entrance, Runnable stop) {
        this.guard = guard;
        this.slot = slot;
        this.operations = operations;
        this.calls = calls;
        this.pages = pages;
        this.entrance = entrance;
        this.stop = stop;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        if (!Request.getPathInContext(request).startsWith(PREFIX)) {
            lastRequest = System.nanoTime();
            pages.serve(request, response, callback);
            return true;
        }
        Optional<Guard.Refusal> refusal = guard.check(caller(request));
        if (refusal.isPresent()) {
            Calls.answer(response, callback, refusal.get().status(), Calls.message(refusal.get().reason()));
            return true;
        }
        lastRequest = System.nanoTime();
        route(request, response, callback);
        return true;
    }

    private void route(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        String name = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
        switch (request.getMethod() + " " + name) {
            case "GET agent" -> Calls.answer(response, callback, HttpStatus.OK_200, about());
            case "GET content", "POST content" -> content(request, response, callback);
            case "GET outcome" -> outcome(request, response, callback);
            case "POST ticket" ->
                Calls.answer(response, callback, HttpStatus.OK_200, Json.object().put("address", entrance.invite()).build());
            case "POST stop" -> {
                Calls.answer(response, callback, HttpStatus.OK_200, Calls.message("The agent stops."));
                stop.run();
            }
            default -> operation(name, request, response, callback);
        }
    }

    private void operation(String name, Request request, Response response, Callback callback) throws IOException {
        Optional<Operations.Operation> operation = operations.find(name);
        if (operation.isEmpty() || !request.getMethod().equals("POST")) {
            Calls.answer(response, callback, HttpStatus.NOT_FOUND_404, Calls.message("There is no such operation."));
            return;
        }
        calls.serve(name, operation.get(), request, response, callback);
    }

    /// Streams a file. Before the first byte an error is an answer; after it the connection breaks off, so that no reader
    /// takes a part for the whole, and `outcome` says why.
    private void content(Request request, Response response, Callback callback) throws IOException {
        Optional<Json.Fields> arguments = request.getMethod().equals("POST") ? Calls.arguments(request) : query(request);
        if (arguments.isEmpty() || arguments.get().findText("path").isEmpty()) {
            Calls.answer(response, callback, HttpStatus.BAD_REQUEST_400, Calls.message("The request names no path."));
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
        // Not closed here: closing would end the answer as if it were whole, and that is the callback's part.
        OutputStream out = Content.Sink.asOutputStream(response);
        Json.Fields problem;
        try {
            slot.require().read(arguments.get().text("path"), Wire.piece(arguments.get()), out);
            callback.succeeded();
            return;
        } catch (CofferException e) {
            problem = Wire.problem(e);
        } catch (RuntimeException e) {
            problem = Problems.bug(e);
        }
        Json.Fields answer = Json.object().put("problem", problem).build();
        if (!response.isCommitted()) {
            Calls.answer(response, callback, HttpStatus.CONFLICT_409, answer);
            return;
        }
        arguments.get().findText("request").ifPresent(id -> outcomes.put(id, answer));
        callback.failed(new IOException("the content ended early"));
    }

    private static Optional<Json.Fields> query(Request request) {
        Json.Builder fields = Json.object();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            fields.put(field.getName(), String.valueOf(field.getValue()));
        }
        return Optional.of(fields.build());
    }

    private void outcome(Request request, Response response, Callback callback) {
        String id = String.valueOf(Request.extractQueryParameters(request).getValue("request"));
        Json.Fields outcome = outcomes.remove(id);
        Calls.answer(response, callback, HttpStatus.OK_200, outcome == null ? Json.object().build() : outcome);
    }

    private Json.Fields about() {
        return Json.object()
                .put("build", Build.id())
                .put("pid", ProcessHandle.current().pid())
                .put("state", slot.state().word())
                .put("operations", calls.count())
                .build();
    }

    private static Guard.Caller caller(Request request) {
        return new Guard.Caller(
                request.getMethod(),
                request.getHeaders().get(HttpHeader.HOST),
                request.getHeaders().get(HttpHeader.ORIGIN),
                request.getHeaders().get(HttpHeader.AUTHORIZATION),
                request.getHeaders().get(HttpHeader.CONTENT_TYPE));
    }

    /// Asks all work to end.
    void cancelAll() {
        calls.cancelAll();
    }

    boolean busy() {
        return calls.count() > 0;
    }

    long idleNanos() {
        return busy() ? 0 : System.nanoTime() - lastRequest;
    }
}
