package coffer.service.evaluation;

import coffer.store.StoreException;
import coffer.store.StoreRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Runs one evaluation from its first line, or from wherever its state file ends, to its last.
///
/// Order of writes: what an object is called is on disk before it is sent; what was deleted is noted after. So a crash at any
/// point leaves only objects that the file names, and whoever goes on removes them.
final class Runner {

    static final int VERSION = 1;

    /// Hex digits that the names of small objects share: a listing of them is short even where a million packs of others lie.
    static final int PREFIX_DIGITS = 3;

    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    /// Even if the first, with all its checks, takes the whole period.
    private static final int ROUNDS_MIN = 5;

    private static final Duration OUTAGE_ROUND_MIN = Duration.ofSeconds(2);

    /// What decides whether and how a running evaluation ends early.
    enum Stop {
        NO,
        /// Remove everything and end.
        CANCEL,
        /// Leave everything for later.
        CLOSE
    }

    private final Subject subject;
    private final EvaluationTime time;
    private final RandomGenerator random;
    private final Wire wire;
    private final StateLog log;
    private final Measurements measured;
    private final Runnable progress;
    private Stop stop = Stop.NO;
    private boolean cleaning;
    private Optional<Thread> thread = Optional.empty();

    /// @param log      open at the end of what `measured` holds, which has its first line
    /// @param progress called after each round
    Runner(
            Subject subject,
            EvaluationTime time,
            RandomGenerator random,
            Wire wire,
            StateLog log,
            Measurements measured,
            Runnable progress) {
        this.subject = subject;
        this.time = time;
        this.random = random;
        this.wire = wire;
        this.log = log;
        this.measured = measured;
        this.progress = progress;
    }

    /// Asks the evaluation to end. Returns at once.
    synchronized void stop(Stop how) {
        if (stop != Stop.CLOSE) {
            stop = how;
        }
        thread.ifPresent(Thread::interrupt);
    }

    private synchronized boolean isStopping() {
        return stop == Stop.CLOSE || (stop == Stop.CANCEL && !cleaning);
    }

    private synchronized boolean isCancelled() {
        return stop == Stop.CANCEL;
    }

    private synchronized void enter() {
        thread = Optional.of(Thread.currentThread());
    }

    private synchronized void leave() {
        thread = Optional.empty();
        boolean _ = Thread.interrupted();
    }

    /// From here on a cancellation has been heard.
    private synchronized void beginCleaning() {
        cleaning = true;
        boolean _ = Thread.interrupted();
    }

    /// @return how it ended; empty if it was stopped and can go on later
    /// @throws IOException the state file cannot be written
    Optional<Measurement.How> run() throws IOException {
        Measurement.Begun begun = measured.begun().orElseThrow(() -> new IOException("the state file has no first line"));
        Criteria criteria = criteria(begun);
        enter();
        Session session = new Session(
                subject, criteria, time, random, begun.prefix(), log, measured, this::isStopping);
        try {
            return measured.isCancelled() ? cancelled(session) : Optional.of(measure(session, begun));
        } catch (Stopped e) {
            return isCancelled() ? cancelled(session) : Optional.empty();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            leave();
        }
    }

    static Criteria criteria(Measurement.Begun begun) throws IOException {
        List<String> problems = new ArrayList<>();
        Criteria criteria = Criteria.read(begun.criteria(), problems::add);
        if (!problems.isEmpty() || begun.version() != VERSION) {
            throw new IOException("the state file is of another version");
        }
        return criteria;
    }

    static Measurement.Begun first(
            String evaluation, Subject subject, Criteria criteria, Duration duration, EvaluationTime time, RandomGenerator random) {
        String prefix = HexFormat.of().toHexDigits(random.nextInt(1 << (4 * PREFIX_DIGITS)), PREFIX_DIGITS);
        return new Measurement.Begun(
                0,
                VERSION,
                evaluation,
                subject.id(),
                subject.owner(),
                subject.region(),
                subject.grants().origin(),
                time.now().toString(),
                duration.toMillis(),
                prefix,
                criteria.values());
    }

    private Measurement.How measure(Session session, Measurement.Begun begun) {
        Optional<StoreException> refusal = measured.rounds().count() == 0 ? refusal() : Optional.empty();
        if (refusal.isPresent()) {
            return end(session, Measurement.How.REFUSED, String.valueOf(refusal.get().getMessage()));
        }
        if (measured.rounds().count() > 0 || measured.finalRead().isPresent()) {
            session.record(new Measurement.Resumed(session.at(), time.now().toString()));
        }
        long duration = begun.durationMs();
        Conformance conformance = new Conformance(session, wire, duration);
        Round round = new Round(session, conformance, new Load(session, duration), begun.prefix(), duration);
        if (measured.finalRead().isEmpty()) {
            rounds(session, round, duration);
            conformance.finish();
            finalRead(session, round);
        }
        clean(session);
        return end(session, Measurement.How.DONE, "");
    }

    /// What makes it useless to begin: the same call will be refused again until the operator changes something.
    private Optional<StoreException> refusal() {
        try {
            subject.store().list("", "", 1);
            return Optional.empty();
        } catch (StoreException e) {
            boolean hopeless = e instanceof StoreRefused refused
                    && switch (refused.reason()) {
                        case ACCESS, CLOCK, PLACE -> true;
                        case CONTENT, RANGE, REQUEST -> false;
                    };
            return hopeless ? Optional.of(e) : Optional.empty();
        }
    }

    private void rounds(Session session, Round round, long duration) {
        long every = session.criteria().roundEvery(Duration.ofMillis(duration)).toMillis();
        while (session.at() < duration || measured.rounds().count() < ROUNDS_MIN) {
            long begin = session.at();
            round.run(measured.rounds().count());
            progress.run();
            long next = Math.min(begin + untilNext(every), Math.max(duration, session.at()));
            session.sleep(Duration.ofMillis(next - session.at()));
        }
    }

    /// In an outage rounds come sooner, so that its end is seen when a quarter of its length has passed at the latest.
    private long untilNext(long every) {
        long open = measured.outages().open(measured.at());
        return open < 0 ? every : Math.min(every, Math.max(OUTAGE_ROUND_MIN.toMillis(), open / 4));
    }

    /// Reads every kept object once more, with patience: what is away is not lost.
    private void finalRead(Session session, Round round) {
        List<Ledger.Entry> unread = new ArrayList<>();
        for (Role role : List.of(Role.CANARY, Role.SAMPLE)) {
            session.hope();
            List<Ledger.Entry> left = measured.ledger().stored(role);
            Patience patience = new Patience(session);
            do {
                session.hope();
                left = round.readBack(left, role);
            } while (!left.isEmpty() && patience.waitMore());
            unread.addAll(left);
        }
        session.record(new Measurement.FinalRead(session.at(), unread.size()));
        session.force();
    }

    private void clean(Session session) {
        Patience patience = new Patience(session);
        do {
            int before;
            do {
                before = measured.ledger().outstanding().size();
                session.hope();
                for (Ledger.Entry entry : measured.ledger().outstanding()) {
                    if (!session.isAway()) {
                        session.delete(entry.name(), entry.role());
                    }
                }
                session.force();
            } while (!measured.ledger().outstanding().isEmpty() && measured.ledger().outstanding().size() < before);
        } while (!measured.ledger().outstanding().isEmpty() && patience.waitMore());
    }

    /// Waits that double, until the patience of the criteria is over.
    private static final class Patience {
        private final Session session;
        private final long end;
        private Duration wait = Duration.ofMillis(500);

        Patience(Session session) {
            this.session = session;
            this.end = session.at() + session.criteria().patience().toMillis();
        }

        boolean waitMore() {
            long left = end - session.at();
            if (left <= 0) {
                return false;
            }
            session.sleep(wait.toMillis() < left ? wait : Duration.ofMillis(left));
            wait = wait.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? wait.multipliedBy(2) : RETRY_MAX;
            return true;
        }
    }

    private Optional<Measurement.How> cancelled(Session session) {
        beginCleaning();
        try {
            if (!measured.isCancelled()) {
                session.record(new Measurement.Cancelled(session.at()));
            }
            clean(session);
            return Optional.of(end(session, Measurement.How.CANCELLED, ""));
        } catch (Stopped e) {
            return Optional.empty();
        }
    }

    private Measurement.How end(Session session, Measurement.How how, String note) {
        int left = measured.ledger().outstanding().size();
        session.record(new Measurement.Ended(session.at(), time.now().toString(), how, left, note));
        session.force();
        return how;
    }
}
