package coffer.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which browsers may see the pages: each came with a ticket, which worked once.
///
/// A session has two secrets. Its key stands in the path of every call, its cookie is sent for that path alone. So neither a
/// page of another port of this machine, which a browser takes for the same site, nor a server behind such a port, to which a
/// browser would send a cookie of the whole host, learns enough to call the agent. Both end with the agent. Safe for all threads.
final class PageSessions {

    /// What a browser has to bring.
    record Session(String key, String cookie) {}

    static final Duration TICKET_LIVES = Duration.ofHours(1);

    private static final int TICKETS_MAX = 16;
    private static final int SESSIONS_MAX = 64;
    private static final int SECRET_SIZE = 32;

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final Map<String, Long> tickets = new LinkedHashMap<>(); // by ticket, when they end; both guarded by this
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    PageSessions(InstantSource clock) {
        this.clock = clock;
    }

    /// A ticket for one browser.
    synchronized String ticket() {
        String ticket = secret();
        drop(tickets, TICKETS_MAX);
        tickets.put(ticket, clock.millis() + TICKET_LIVES.toMillis());
        return ticket;
    }

    /// The session that a ticket opens; empty if it was used, is too old, or never was one.
    synchronized Optional<Session> open(String ticket) {
        Long ends = tickets.remove(ticket);
        if (ends == null || ends < clock.millis()) {
            return Optional.empty();
        }
        Session session = new Session(secret(), secret());
        drop(sessions, SESSIONS_MAX);
        sessions.put(session.key(), session);
        return Optional.of(session);
    }

    synchronized boolean knows(String key, String cookie) {
        Session session = sessions.get(key);
        return session != null && MessageDigest.isEqual(ascii(session.cookie()), ascii(cookie));
    }

    synchronized void end(String key) {
        sessions.remove(key);
    }

    /// Makes room for one more: the oldest go.
    private static <T> void drop(Map<String, T> map, int max) {
        for (Iterator<String> oldest = map.keySet().iterator(); map.size() >= max && oldest.hasNext(); ) {
            oldest.next();
            oldest.remove();
        }
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_SIZE];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
