package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// The pages: their files for everybody, and below `/api/KEY/` what a browser with a session may ask.
///
/// Operations are those of the local API, but for the ones that read or write paths of this machine, make devices or stop
/// the agent: a page can do what a person does in it, and no more.
final class PageHandler {

    /// Operations of [Operations] that pages use.
    static final Set<String> OPERATIONS = Set.of(
            "status", "list", "node", "search", "make-folder", "move", "remove", "history", "restore-version", "trash",
            "restore-trashed", "empty-trash", "rewind-point", "rewind", "verify", "who", "where", "regions", "audit-log", "log-statements",
            "invite", "await-join", "approve", "devices", "remove-device", "syncs", "pause-sync", "approve-sync",
            "preview-sync", "conflicts", "limits", "limit", "refresh", "recovery", "check-recovery", "phones", "phone-on", "phone-off",
            "phone-pair", "phone-await", "phone-confirm", "phone-remove", "mail-folders", "mail-threads", "mail-thread", "mail-view",
            "mail-search", "pictures-days", "pictures-page", "pictures-duplicates", "pictures-scan");

    private static final String PAGE_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "media-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    private static final Pattern CALL = Pattern.compile("/api/([0-9a-f]{64})/([a-z-]+)(?:/([a-z0-9]{1,64}))?");

    private final PageGuard guard;
    private final PageEntrance entrance;
    private final Operations operations;
    private final Calls calls;
    private final PageContent content;
    private final PageMedia media;
    private final PageUploads uploads;
    private final PageEvents events;

    PageHandler(PageGuard guard, PageEntrance entrance, DeviceSlot slot, Operations operations, Calls calls, PageUploads uploads) {
        this.guard = guard;
        this.entrance = entrance;
        this.operations = operations;
        this.calls = calls;
        this.content = new PageContent(slot);
        this.media = new PageMedia(slot, uploads);
        this.uploads = uploads;
        this.events = new PageEvents(slot);
    }

    void serve(Request request, Response response, Callback callback) throws IOException {
        protect(response);
        String path = Request.getPathInContext(request);
        boolean call = path.startsWith("/api/");
        Optional<Guard.Refusal> refusal = call ? guard.checkCall(caller(request)) : guard.checkFile(caller(request));
        if (refusal.isPresent()) {
            Calls.answer(response, callback, refusal.get().status(), Calls.message(refusal.get().reason()));
        } else if (!call) {
            file(path, request, response, callback);
        } else if (path.equals("/api/session") && request.getMethod().equals("POST")) {
            entrance.enter(request, response, callback);
        } else {
            call(path, request, response, callback);
        }
    }

    private static void protect(Response response) {
        response.getHeaders().put("Content-Security-Policy", PAGE_POLICY);
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        response.getHeaders().put("Cross-Origin-Opener-Policy", "same-origin");
        response.getHeaders().put("Cross-Origin-Resource-Policy", "same-origin");
        response.getHeaders().put("Origin-Agent-Cluster", "?1");
        response.getHeaders().put("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    }

    private static void file(String path, Request request, Response response, Callback callback) throws IOException {
        Optional<PageFiles.PageFile> file =
                request.getMethod().equals("GET") ? PageFiles.find(path) : Optional.empty();
        if (file.isEmpty()) {
            notThere(response, callback);
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, file.get().type());
        response.write(true, ByteBuffer.wrap(file.get().bytes()), callback);
    }

    private void call(String path, Request request, Response response, Callback callback) throws IOException {
        Matcher match = CALL.matcher(path);
        if (!match.matches() || !entrance.knows(match.group(1), request)) {
            Calls.answer(response, callback, HttpStatus.UNAUTHORIZED_401, Calls.message("No session of these pages asks."));
            return;
        }
        String batch = match.group(3);
        try {
            if (batch == null) {
                route(match.group(1), match.group(2), request, response, callback);
            } else if (match.group(2).equals("uploads")) {
                uploads.serve(batch, calls, request, response, callback);
            } else {
                notThere(response, callback);
            }
        } catch (CofferException e) {
            refuse(response, callback, Wire.problem(e));
        } catch (Json.JsonException e) {
            refuse(response, callback, Problems.badRequest(e));
        }
    }

    private void route(String key, String name, Request request, Response response, Callback callback)
            throws IOException, CofferException {
        switch (request.getMethod() + " " + name) {
            case "GET content" -> content.serve(request, response, callback);
            case "GET zip" -> content.serveZip(request, response, callback);
            case "GET small" -> media.preview(false, request, response, callback);
            case "GET large" -> media.preview(true, request, response, callback);
            case "GET message" -> media.message(request, response, callback);
            case "GET part" -> media.part(request, response, callback);
            case "GET mailbox" -> media.mailbox(request, response, callback);
            case "GET events" -> events.serve(response, callback);
            case "POST end" -> {
                entrance.end(key, request);
                Calls.answer(response, callback, HttpStatus.OK_200, Calls.message("These pages are closed."));
            }
            default -> {
                Optional<Operations.Operation> operation = operations.find(name);
                if (!request.getMethod().equals("POST") || !OPERATIONS.contains(name) || operation.isEmpty()) {
                    notThere(response, callback);
                } else if (!entrance.allows(name)) {
                    Calls.answer(response, callback, HttpStatus.FORBIDDEN_403, Json.object().put("problem", Wire.problem(notFromHere())).build());
                } else {
                    calls.serve(name, operation.get(), request, response, callback);
                }
            }
        }
    }

    private static CofferException notFromHere() {
        return CofferException.withAdvice(
                ErrorCode.NOT_AUTHORISED, "A phone may not do that.", "Nothing was changed. Do it on the computer itself.");
    }

    private static void refuse(Response response, Callback callback, Json.Fields problem) {
        Calls.answer(response, callback, HttpStatus.CONFLICT_409, Json.object().put("problem", problem).build());
    }

    private static void notThere(Response response, Callback callback) {
        Calls.answer(response, callback, HttpStatus.NOT_FOUND_404, Calls.message("There is nothing of that name."));
    }

    private static PageGuard.Caller caller(Request request) {
        return new PageGuard.Caller(
                request.getMethod(),
                request.getHeaders().get(HttpHeader.HOST),
                request.getHeaders().get(HttpHeader.ORIGIN),
                request.getHeaders().get("Sec-Fetch-Site"));
    }
}
