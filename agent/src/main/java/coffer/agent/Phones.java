package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Phones of the home network that may use the pages: off until a person turns it on.
///
/// `turns` serialises what starts and stops the server, and is never taken by a request of a phone, so that stopping may wait for
/// those. `this` guards the book and the lines, for moments. Safe for all threads.
final class Phones implements AutoCloseable {

    /// What a person is shown.
    ///
    /// @param site    where phones find the pages; empty if they are not served now
    /// @param problem why they are not, though they should be
    record State(
            boolean on,
            Optional<String> site,
            Optional<String> fingerprint,
            Optional<CofferException> problem,
            List<PhoneBook.Phone> phones) {}

    private static final Logger LOG = LoggerFactory.getLogger(Phones.class);

    /// Kept from the first time on, because a browser's session is one of address and port.
    private static final int PORT = 27443;

    private static final int PORT_MIN = 1024;

    static final String AUTO = "auto";

    private final Path home;
    private final InstantSource clock;
    private final PhonePairing pairing;
    private final ReentrantLock turns = new ReentrantLock();
    private final Map<String, Set<EndPoint>> lines = new HashMap<>(); // of requests at work, by key of the session

    private @Nullable PhoneBook book;
    private PhoneServer.@Nullable Pages pages;
    private volatile @Nullable PhoneServer server; // written under turns
    private volatile @Nullable CofferException problem;

    Phones(Path home, InstantSource clock) {
        this.home = home;
        this.clock = clock;
        this.pairing = new PhonePairing(clock);
    }

    PhonePairing pairing() {
        return pairing;
    }

    /// Serves phones if that was left on.
    void start(PhoneServer.Pages made) {
        turns.lock();
        try {
            pages = made;
        } finally {
            turns.unlock();
        }
        look();
    }

    /// Serves phones again where that is on and could not be done: this machine may have come home meanwhile.
    void look() {
        turns.lock();
        try {
            if (pages != null && server == null && book().isOn()) {
                PhoneBook.Place place = book().place().orElseThrow();
                InetAddress address = PhoneAddress.parse(place.address());
                serve(address, place.port(), certificate(address));
            }
        } catch (CofferException e) {
            if (problem == null) {
                LOG.warn("phones are not served: {}", e.code());
            }
            problem = e;
        } finally {
            turns.unlock();
        }
    }

    /// @param named a literal address, or [#AUTO] for the one that this network knows this machine by; empty for what it was
    /// @param port  empty for what it was
    State turnOn(Optional<String> named, OptionalInt port) throws CofferException {
        turns.lock();
        try {
            Optional<PhoneBook.Place> before = book().place();
            InetAddress address = address(named, before.map(PhoneBook.Place::address));
            PhoneCertificate certificate = certificate(address);
            OptionalInt wanted = port.isPresent() ? port : before.map(place -> OptionalInt.of(place.port())).orElse(OptionalInt.empty());
            if (wanted.isPresent()) {
                requirePort(wanted.getAsInt());
                stop();
                serve(address, wanted.getAsInt(), certificate);
            } else {
                serveAnywhere(address, certificate);
            }
            PhoneServer now = server;
            synchronized (this) {
                String text = address.getHostAddress();
                book().turnOn(new PhoneBook.Place(text, now == null ? PORT : now.port()), certificate);
            }
            return state();
        } finally {
            turns.unlock();
        }
    }

    /// Where it was, if this machine still has that address: phones know it by no other.
    private static InetAddress address(Optional<String> named, Optional<String> before) throws CofferException {
        if (named.isPresent()) {
            return named.get().equals(AUTO) ? PhoneAddress.find() : PhoneAddress.parse(named.get());
        }
        if (before.isPresent()) {
            InetAddress kept = PhoneAddress.parse(before.get());
            if (PhoneAddress.isHere(kept)) {
                return kept;
            }
        }
        return PhoneAddress.find();
    }

    private static void requirePort(int port) throws CofferException {
        if (port != 0 && (port < PORT_MIN || port > 0xffff)) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL, "That is no port that phones can be served at.", "Nothing was changed. Name one from 1024 to 65535.");
        }
    }

    private void serveAnywhere(InetAddress address, PhoneCertificate certificate) throws CofferException {
        try {
            serve(address, PORT, certificate);
        } catch (CofferException e) {
            serve(address, 0, certificate); // another program, or another home's agent, has the port
        }
    }

    private void serve(InetAddress address, int port, PhoneCertificate certificate) throws CofferException {
        PhoneServer.Pages made = pages;
        if (made == null) {
            throw new CofferException(ErrorCode.UNAVAILABLE, "The agent is stopping.");
        }
        try {
            server = PhoneServer.start(address, port, certificate, made);
            problem = null;
            LOG.info("phones are served");
        } catch (IOException e) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "Phones cannot be served at that address.",
                    "No phone is served now. See that the address is this machine's and that no other program has the port; another"
                            + " one is named with `coffer phone on --port`.",
                    e);
        }
    }

    void turnOff() throws CofferException {
        turns.lock();
        try {
            pairing.end();
            stop();
            problem = null;
            synchronized (this) {
                if (book().isOn()) {
                    book().turnOff();
                }
            }
        } finally {
            turns.unlock();
        }
    }

    private void stop() {
        PhoneServer now = server;
        server = null;
        if (now != null) {
            now.close();
        }
    }

    synchronized State state() throws CofferException {
        Optional<PhoneServer> now = Optional.ofNullable(server);
        return new State(
                book().isOn(),
                now.map(PhoneServer::site),
                book().certificate().map(PhoneCertificate::fingerprint),
                Optional.ofNullable(problem),
                book().phones());
    }

    /// A ticket for one phone, and the address that carries it.
    record Invitation(String address, PhonePairing.Ticket ticket) {}

    Invitation invite() throws CofferException {
        PhoneServer now = server;
        if (now == null) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL, "No phone is served now.", "Turn it on with `coffer phone on`, or under “Devices & safety”.");
        }
        PhonePairing.Ticket ticket = pairing.invite();
        return new Invitation(now.site() + "/#" + ticket.ticket(), ticket);
    }

    /// Lets the phone in that shows this code; returns the name it is given.
    String confirm(String code) throws CofferException {
        String[] name = {""};
        PhonePairing.Typed typed = pairing.type(code.replaceAll("[\\s-]", ""), kind -> {
            PageSessions.Session session = pairing.newSession();
            synchronized (this) {
                name[0] = book().add(kind, session);
            }
            return session;
        });
        return switch (typed) {
            case RIGHT -> name[0];
            case WRONG -> throw CofferException.withAdvice(
                    ErrorCode.ENROLMENT,
                    "That is not what the phone shows.",
                    "Nobody was let in. Type the six figures on its screen; if it shows none, somebody else used the QR code: call it off.");
            case OVER -> throw CofferException.withAdvice(
                    ErrorCode.ENROLMENT, "No phone waits to be let in.", "Nobody was let in. Make a new QR code; it is good for ten minutes.");
        };
    }

    /// Whether a session is a phone's; if so, the line it came on ends with the phone.
    synchronized boolean take(String key, String cookie, EndPoint line) {
        try {
            if (book().find(key, cookie).isEmpty()) {
                return false;
            }
        } catch (CofferException e) {
            return false;
        }
        lines.computeIfAbsent(key, _ -> new HashSet<>()).add(line);
        return true;
    }

    /// The request has been answered.
    synchronized void done(String key, EndPoint line) {
        lines.computeIfPresent(key, (_, all) -> all.remove(line) && all.isEmpty() ? null : all);
    }

    /// A phone goes of its own will; what else it is doing ends, and `asking` brings the answer.
    void leave(String key, EndPoint asking) throws IOException {
        Set<EndPoint> ending = new HashSet<>();
        synchronized (this) {
            try {
                Optional<PhoneBook.Phone> phone = book().withKey(key);
                if (phone.isPresent()) {
                    book().remove(phone.get());
                }
            } catch (CofferException e) {
                throw new IOException("the phone cannot be removed", e);
            }
            ending.addAll(lines.getOrDefault(key, Set.of()));
        }
        ending.remove(asking);
        ending.forEach(EndPoint::close);
    }

    /// Shuts a phone out, and ends what it is doing.
    void remove(String name) throws CofferException {
        Set<EndPoint> ending = new HashSet<>();
        synchronized (this) {
            PhoneBook.Phone phone = book().named(name).orElseThrow(() -> CofferException.withAdvice(
                    ErrorCode.LOCAL, "There is no phone of that name.", "Nothing was changed. `coffer phone list` shows them."));
            book().remove(phone);
            lines.forEach((key, all) -> {
                if (PhoneBook.hashOf(key).equals(phone.key())) {
                    ending.addAll(all);
                }
            });
        }
        ending.forEach(EndPoint::close);
    }

    /// Made once: phones and people know it by its fingerprint.
    private PhoneCertificate certificate(InetAddress address) throws CofferException {
        return book().certificate().orElseGet(() -> PhoneCertificate.make(address, clock.instant()));
    }

    private synchronized PhoneBook book() throws CofferException {
        PhoneBook known = book;
        if (known == null) {
            known = PhoneBook.open(home, clock);
            book = known;
        }
        return known;
    }

    @Override
    public void close() {
        turns.lock();
        try {
            pages = null;
            stop();
            synchronized (this) {
                PhoneBook known = book;
                if (known != null) {
                    known.saveUse();
                }
            }
        } finally {
            turns.unlock();
        }
    }
}
