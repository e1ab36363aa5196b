package coffer.agent;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Browsers of this machine: a ticket, which only a caller with the agent's token is given, makes a session at once.
record LocalEntrance(PageGuard guard, PageSessions sessions) implements PageEntrance {

    /// An address that opens the pages in one browser. The ticket is a fragment, which no browser sends or tells.
    String invite() {
        return guard.origin() + "/#" + sessions.ticket();
    }

    @Override
    public void enter(Request request, Response response, Callback callback) throws IOException {
        Optional<PageSessions.Session> session =
                Calls.arguments(request).flatMap(body -> body.findText("ticket")).flatMap(sessions::open);
        if (session.isEmpty()) {
            Calls.answer(response, callback, HttpStatus.UNAUTHORIZED_401, Calls.message("The ticket is not, or no longer, good."));
            return;
        }
        Response.addCookie(response, PageEntrance.cookie(session.get()).build());
        Calls.answer(response, callback, HttpStatus.OK_200, Json.object().put("key", session.get().key()).build());
    }

    @Override
    public boolean knows(String key, Request request) {
        return sessions.knows(key, PageEntrance.cookie(request));
    }

    @Override
    public void end(String key, Request request) {
        sessions.end(key);
    }

    @Override
    public boolean allows(String operation) {
        return true;
    }
}
