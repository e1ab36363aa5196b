package coffer.service.evaluation;

import coffer.service.evaluation.Material.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One round: reads back what is kept, measures small objects, compares listings, and goes on with what is not yet done.
final class Round {

    /// Objects measured in a round. One of them is kept while samples are wanted; at least one is deleted again.
    private static final int SMALL = 2;

    /// Remains that one round removes.
    private static final int STRAYS_MAX = 100;

    private final Session session;
    private final Conformance conformance;
    private final Load load;
    private final ListingProbe listing;
    private final long durationMs;

    Round(Session session, Conformance conformance, Load load, String prefix, long durationMs) {
        this.session = session;
        this.conformance = conformance;
        this.load = load;
        this.listing = new ListingProbe(session, prefix);
        this.durationMs = durationMs;
    }

    void run(int number) {
        session.record(new Measurement.Round(session.at(), number));
        session.hope();
        List<Runnable> parts = List.of(
                this::readCanaries,
                this::readSamples,
                this::removeStrays,
                this::writeCanaries,
                this::measureSmall,
                conformance::run,
                this::carry);
        for (Runnable part : parts) {
            if (session.isAway()) {
                break;
            }
            part.run();
        }
        session.force();
    }

    private void readCanaries() {
        readBack(session.measured().ledger().stored(Role.CANARY), Role.CANARY);
    }

    /// Reads objects and compares them. All that are right make one line, and each other one makes its own.
    ///
    /// @return those that were not served
    List<Ledger.Entry> readBack(List<Ledger.Entry> entries, Role role) {
        int right = 0;
        var unread = new ArrayList<Ledger.Entry>();
        for (Ledger.Entry entry : entries) {
            if (session.isAway()) {
                unread.add(entry);
                continue;
            }
            long from = session.time().nanos();
            Result result = session.judged(() -> session.read(entry.name()));
            if (result == Result.RIGHT && !session.measured().ledger().isMissing(entry.name())) {
                right++;
            } else {
                session.record(new Measurement.Probed(
                        session.at(), Operation.GET, role, entry.name().text(), session.microsSince(from), result));
            }
            if (result.isOutage()) {
                unread.add(entry);
            }
        }
        if (right > 0) {
            session.record(new Measurement.ReadBack(session.at(), role, right));
        }
        return unread;
    }

    /// A few kept objects, drawn at random: they have lain for a while, so they are read from where they are stored.
    private void readSamples() {
        var entries = new ArrayList<>(session.measured().ledger().stored(Role.SAMPLE));
        for (int i = 0; i < session.criteria().samplesPerRound() && !entries.isEmpty() && !session.isAway(); i++) {
            session.get(entries.remove(session.random().nextInt(entries.size())).name(), Role.SAMPLE);
        }
    }

    void removeStrays() {
        var strays = session.measured().ledger().strays();
        for (Ledger.Entry entry : strays.subList(0, Math.min(STRAYS_MAX, strays.size()))) {
            if (session.isAway()) {
                return;
            }
            session.delete(entry.name(), entry.role());
        }
    }

    /// Half of the canaries at the start, and the others spread over the period.
    private void writeCanaries() {
        int wanted = session.criteria().canaries();
        long due = (wanted + 1) / 2 + wanted / 2 * Math.min(session.at(), durationMs) / durationMs;
        int missing = (int) due - session.measured().ledger().stored(Role.CANARY).size();
        var pieces = new ArrayList<Piece>();
        for (int i = 0; i < missing; i++) {
            pieces.add(intended(session.criteria().canaryBytes(), Role.CANARY));
        }
        if (!pieces.isEmpty()) {
            session.force();
        }
        for (Piece piece : pieces) {
            if (!session.isAway()) {
                session.put(piece, Role.CANARY);
            }
        }
    }

    private Piece intended(int size, Role role) {
        Piece piece = session.material().piece(size);
        session.intend(piece.name(), size, role);
        return piece;
    }

    private void measureSmall() {
        boolean keep = session.measured().ledger().stored(Role.SAMPLE).size() < session.criteria().samples();
        var pieces = new ArrayList<Piece>();
        for (int i = 0; i < SMALL; i++) {
            pieces.add(intended(session.criteria().smallBytes(), role(keep, i)));
        }
        session.force();
        for (int i = 0; i < SMALL && !session.isAway(); i++) {
            measure(pieces.get(i), role(keep, i));
        }
        if (!session.isAway()) {
            listing.run();
        }
        for (int i = 0; i < SMALL && !session.isAway(); i++) {
            if (!role(keep, i).isKept() && session.delete(pieces.get(i).name(), Role.PASSING)) {
                session.expectGone(pieces.get(i).name(), Role.PASSING);
            }
        }
    }

    private static Role role(boolean keep, int index) {
        return keep && index == 0 ? Role.SAMPLE : Role.PASSING;
    }

    private void measure(Piece piece, Role role) {
        if (session.put(piece, role) == Result.RIGHT) {
            session.stat(piece.name(), piece.bytes().length, role);
            session.get(piece.name(), role);
        }
    }

    private void carry() {
        int runs = session.criteria().throughputRuns(Duration.ofMillis(durationMs));
        int next = session.measured().loadsDone();
        if (next < runs && session.at() >= durationMs * next / runs) {
            load.run(next, runs);
        }
    }
}
