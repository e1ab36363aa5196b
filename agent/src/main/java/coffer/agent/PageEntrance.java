package coffer.agent;

import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// How a browser comes to a session of the pages, and what it may ask with one.
interface PageEntrance {

    String COOKIE = "coffer";

    /// Answers a browser that has no session and asks for one.
    void enter(Request request, Response response, Callback callback) throws IOException;

    /// Whether a call has a session; until it is answered, it ends with that.
    boolean knows(String key, Request request);

    /// Ends a session because its browser wishes so.
    void end(String key, Request request) throws IOException;

    /// Whether who comes this way may do an operation of the pages.
    boolean allows(String operation);

    static String cookie(Request request) {
        List<HttpCookie> cookies = Request.getCookies(request);
        return cookies.stream()
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    /// A cookie that goes with the calls of one session alone, and that no script sees.
    static HttpCookie.Builder cookie(PageSessions.Session session) {
        return HttpCookie.build(COOKIE, session.cookie())
                .path("/api/" + session.key() + "/")
                .httpOnly(true)
                .sameSite(HttpCookie.SameSite.STRICT);
    }
}
