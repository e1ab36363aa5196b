package coffer.agent;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Phones: a ticket makes figures to show, and a person at the computer who types them makes the session.
///
/// A phone sees, adds and arranges; what is lost with a phone should not be able to do what cannot be undone, to let others in, or
/// to shut the person out. So those operations stay on the computer.
final class PhoneEntrance implements PageEntrance {

    static final Set<String> OPERATIONS = Set.of(
            "status", "list", "node", "search", "make-folder", "move", "remove", "history", "restore-version", "trash",
            "restore-trashed", "who", "where", "regions", "audit-log", "log-statements", "devices", "syncs", "conflicts", "limits", "refresh",
            "mail-folders", "mail-threads", "mail-thread", "mail-view", "mail-search", "pictures-days", "pictures-page",
            "pictures-duplicates", "pictures-scan");

    private final Phones phones;

    PhoneEntrance(Phones phones) {
        this.phones = phones;
    }

    @Override
    public void enter(Request request, Response response, Callback callback) throws IOException {
        PhonePairing pairing = phones.pairing();
        if (pairing.isBusy()) {
            Calls.answer(
                    response,
                    callback,
                    HttpStatus.TOO_MANY_REQUESTS_429,
                    Calls.message("Too many wrong tickets came. Wait a minute, then make a new QR code."));
            return;
        }
        Optional<Json.Fields> body = Calls.arguments(request);
        Optional<String> claim = body.flatMap(json -> json.findText("claim"));
        if (claim.isPresent()) {
            collect(pairing, claim.get(), response, callback);
            return;
        }
        Optional<PhonePairing.Asked> asked =
                body.flatMap(json -> json.findText("ticket")).flatMap(ticket -> pairing.redeem(ticket, kind(request)));
        if (asked.isEmpty()) {
            refuse(response, callback);
            return;
        }
        Json.Fields answer =
                Json.object().put("claim", asked.get().claim()).put("code", asked.get().code()).build();
        Calls.answer(response, callback, HttpStatus.ACCEPTED_202, answer);
    }

    private static void collect(PhonePairing pairing, String claim, Response response, Callback callback) {
        if (pairing.waits(claim)) {
            Calls.answer(response, callback, HttpStatus.ACCEPTED_202, Json.object().build());
            return;
        }
        Optional<PageSessions.Session> session = pairing.collect(claim);
        if (session.isEmpty()) {
            refuse(response, callback);
            return;
        }
        HttpCookie cookie = PageEntrance.cookie(session.get())
                .secure(true)
                .maxAge(PhoneBook.LIVES.toSeconds())
                .build();
        Response.addCookie(response, cookie);
        Calls.answer(response, callback, HttpStatus.OK_200, Json.object().put("key", session.get().key()).build());
    }

    private static void refuse(Response response, Callback callback) {
        Calls.answer(response, callback, HttpStatus.UNAUTHORIZED_401, Calls.message("The QR code is not, or no longer, good."));
    }

    /// From a short list, because a stranger may say anything.
    private static String kind(Request request) {
        String agent = String.valueOf(request.getHeaders().get(HttpHeader.USER_AGENT)).toLowerCase(Locale.ROOT);
        if (agent.contains("iphone")) {
            return "iPhone";
        }
        if (agent.contains("ipad")) {
            return "iPad";
        }
        return agent.contains("android") ? "Android" : "Browser";
    }

    @Override
    public boolean knows(String key, Request request) {
        EndPoint line = request.getConnectionMetaData().getConnection().getEndPoint();
        boolean known = phones.take(key, PageEntrance.cookie(request), line);
        if (known) {
            Request.addCompletionListener(request, _ -> phones.done(key, line));
        }
        return known;
    }

    @Override
    public void end(String key, Request request) throws IOException {
        phones.leave(key, request.getConnectionMetaData().getConnection().getEndPoint());
    }

    @Override
    public boolean allows(String operation) {
        return OPERATIONS.contains(operation);
    }
}
