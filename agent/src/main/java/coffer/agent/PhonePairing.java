package coffer.agent;

import coffer.core.CofferException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// Lets in one phone at a time: a ticket that works once, then a person who types at the computer what the phone shows.
///
/// Whoever has seen the QR code can use the ticket, so the ticket alone opens nothing: it makes six figures that stand on the screen
/// of whoever used it. A thief's figures are on the thief's screen. A new ticket takes the place of all before it. Safe for all
/// threads.
final class PhonePairing {

    static final Duration LIVES = Duration.ofMinutes(10);
    static final int CODE_TRIES = 3;
    static final int WRONG_MAX = 20;
    static final Duration WRONG_WINDOW = Duration.ofMinutes(1);

    private static final int SECRET_SIZE = 32;
    private static final int CODES = 1_000_000;

    record Ticket(String ticket, Instant ends) {}

    /// What a phone that has used its ticket is told.
    ///
    /// @param claim its secret to ask with until it is let in
    /// @param code  what it shows
    record Asked(String claim, String code) {}

    enum Typed {
        RIGHT,
        WRONG,
        /// Wrong too often, too late, or nobody asked.
        OVER
    }

    /// Makes the session of a phone of that kind.
    interface LetIn {
        PageSessions.Session session(String kind) throws CofferException;
    }

    private sealed interface Step {
        record Nothing() implements Step {}

        record Invited(String ticket, Instant ends) implements Step {}

        record Asking(Asked asked, String kind, Instant ends, int triesLeft) implements Step {}

        record Entering(String claim, PageSessions.Session session, Instant ends) implements Step {}
    }

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private Step step = new Step.Nothing(); // this and what follows are guarded by this
    private int wrong;
    private Instant wrongSince = Instant.EPOCH;

    PhonePairing(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Ticket invite() {
        Instant ends = clock.instant().plus(LIVES);
        Step.Invited invited = new Step.Invited(secret(), ends);
        step = invited;
        return new Ticket(invited.ticket(), ends);
    }

    /// Uses a ticket up.
    ///
    /// @param kind of the phone, for the person who is asked
    synchronized Optional<Asked> redeem(String ticket, String kind) {
        if (!(now() instanceof Step.Invited invited) || !same(invited.ticket(), ticket)) {
            wrong++;
            return Optional.empty();
        }
        Asked asked = new Asked(secret(), String.format(Locale.ROOT, "%06d", random.nextInt(CODES)));
        step = new Step.Asking(asked, kind, invited.ends(), CODE_TRIES);
        return Optional.of(asked);
    }

    /// Whether a phone asks, and of which kind; empty if none does.
    synchronized Optional<String> asking() {
        return now() instanceof Step.Asking asking ? Optional.of(asking.kind()) : Optional.empty();
    }

    /// Whether a ticket waits for a phone.
    synchronized boolean isInvited() {
        return now() instanceof Step.Invited;
    }

    /// Takes what the person has typed of what the phone shows. If it is right, `letIn` makes the session that the phone gets
    /// when it asks again.
    synchronized Typed type(String code, LetIn letIn) throws CofferException {
        if (!(now() instanceof Step.Asking asking)) {
            return Typed.OVER;
        }
        if (same(asking.asked().code(), code)) {
            step = new Step.Entering(asking.asked().claim(), letIn.session(asking.kind()), asking.ends());
            return Typed.RIGHT;
        }
        int left = asking.triesLeft() - 1;
        step = left == 0 ? new Step.Nothing() : new Step.Asking(asking.asked(), asking.kind(), asking.ends(), left);
        return left == 0 ? Typed.OVER : Typed.WRONG;
    }

    /// Whether a claim still waits for the person.
    synchronized boolean waits(String claim) {
        return now() instanceof Step.Asking asking && same(asking.asked().claim(), claim);
    }

    /// The session of the phone that was let in, once.
    synchronized Optional<PageSessions.Session> collect(String claim) {
        if (!(now() instanceof Step.Entering in) || !same(in.claim(), claim)) {
            wrong++;
            return Optional.empty();
        }
        step = new Step.Nothing();
        return Optional.of(in.session());
    }

    synchronized void end() {
        step = new Step.Nothing();
    }

    /// Whether so many wrong tickets have come of late that none is looked at for a while.
    synchronized boolean isBusy() {
        Instant now = clock.instant();
        if (Duration.between(wrongSince, now).abs().compareTo(WRONG_WINDOW) > 0) {
            wrongSince = now;
            wrong = 0;
        }
        return wrong >= WRONG_MAX;
    }

    PageSessions.Session newSession() {
        return new PageSessions.Session(secret(), secret());
    }

    private Step now() {
        boolean over = switch (step) {
            case Step.Nothing _ -> false;
            case Step.Invited invited -> over(invited.ends());
            case Step.Asking asking -> over(asking.ends());
            case Step.Entering in -> over(in.ends());
        };
        if (over) {
            step = new Step.Nothing();
        }
        return step;
    }

    private boolean over(Instant ends) {
        return !clock.instant().isBefore(ends);
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_SIZE];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(java.nio.charset.StandardCharsets.UTF_8), given.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
