package coffer.service.evaluation;

import coffer.core.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One evaluation in its folder, with the thread that runs it, if one does.
final class Running {

    private static final String STATE = "state.jsonl";

    /// Stands in the folder once the listener has heard of the end.
    private static final String TOLD = "told";

    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    /// What an evaluation works with besides its subject.
    record Ports(
            SigningKey key,
            EvaluationTime time,
            RandomGenerator random,
            Wire wire,
            StateLog.Opener logs,
            Evaluations.Listener listener) {}

    private final Path place;
    private final Ports ports;
    private final Criteria criteria;
    private volatile EvaluationStatus status;
    private @Nullable Runner runner;
    private @Nullable Thread thread;
    private boolean cancelled;
    private boolean stopped;

    private Running(Path place, Ports ports, Measurements measured) throws IOException {
        this.place = place;
        this.ports = ports;
        this.criteria = Runner.criteria(measured.begun().orElseThrow(() -> new IOException("the state file has no first line")));
        this.status = EvaluationStatus.of(measured, criteria, false, "", place);
    }

    /// Makes the folder and the first lines of a new evaluation.
    static Running begin(Path place, Measurement.Begun begun, List<Ledger.Entry> leftovers, Ports ports) throws IOException {
        // The folder appears under its name only with a first line in it, so that each one found can be read.
        Path fresh = place.resolveSibling(place.getFileName() + ".new");
        Files.createDirectories(fresh);
        Files.deleteIfExists(fresh.resolve(STATE));
        Measurements measured = new Measurements();
        try (StateLog log = ports.logs().open(fresh.resolve(STATE), measured::add)) {
            var lines = new ArrayList<Measurement>(List.of(begun));
            leftovers.forEach(entry ->
                    lines.add(new Measurement.Intended(0, entry.name().text(), entry.size(), Role.TRIAL)));
            for (Measurement line : lines) {
                log.append(line);
                measured.add(line);
            }
            log.force();
        }
        DurableFiles.move(fresh, place);
        return new Running(place, ports, measured);
    }

    static Running load(Path place, Ports ports) throws IOException {
        return new Running(place, ports, read(place));
    }

    private static Measurements read(Path place) throws IOException {
        Measurements measured = new Measurements();
        Journal.replay(place.resolve(STATE), measured::add);
        return measured;
    }

    /// What an evaluation that is over left behind.
    static List<Ledger.Entry> leftovers(Path place) throws IOException {
        Measurements measured = read(place);
        return measured.ended().filter(end -> end.left() > 0).isPresent() ? measured.ledger().outstanding() : List.of();
    }

    EvaluationStatus status() {
        return status;
    }

    /// Finishes what a crash left between the last line and the listener.
    void settle() throws IOException {
        if (status.state().isOver() && !Files.exists(place.resolve(TOLD))) {
            tell(read(place));
        }
    }

    synchronized void start(Subject subject) {
        if (thread == null || !thread.isAlive()) {
            stopped = false;
            Thread fresh = Thread.ofPlatform().daemon().name("evaluation-" + subject.id()).unstarted(() -> run(subject));
            thread = fresh;
            status = with(EvaluationStatus.State.RUNNING, "");
            fresh.start();
        }
    }

    private EvaluationStatus with(EvaluationStatus.State state, String note) {
        EvaluationStatus old = status;
        return new EvaluationStatus(
                old.evaluation(), old.provider(), state, old.begun(), old.duration(), old.measured(), old.rounds(),
                old.probes(), old.failed(), old.wrongBytes(), old.denied(), old.left(), note, place);
    }

    private void run(Subject subject) {
        Measurements measured = new Measurements();
        String note = "";
        try (StateLog log = ports.logs().open(place.resolve(STATE), measured::add)) {
            if (measured.ended().isEmpty()) {
                Runnable progress = () -> status = EvaluationStatus.of(measured, criteria, true, "", place);
                Runner mine = new Runner(subject, ports.time(), ports.random(), ports.wire(), log, measured, progress);
                register(mine);
                mine.run();
            }
        } catch (IOException e) {
            note = "The state of the evaluation cannot be written or read; it goes on when it is resumed.";
            LOG.error("event=evaluation outcome=stopped folder={}", place, e);
        } catch (RuntimeException e) {
            note = "The evaluation broke; it goes on when it is resumed.";
            LOG.error("event=evaluation outcome=broken folder={}", place, e);
        }
        finish(measured, note);
    }

    private synchronized void register(Runner mine) {
        runner = mine;
        if (stopped) {
            mine.stop(Runner.Stop.CLOSE);
        } else if (cancelled) {
            mine.stop(Runner.Stop.CANCEL);
        }
    }

    private void finish(Measurements measured, String note) {
        if (measured.begun().isEmpty()) {
            status = with(EvaluationStatus.State.STOPPED, note);
            return;
        }
        try {
            if (measured.ended().isPresent()) {
                tell(measured);
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("event=evaluation outcome=not-told folder={}", place, e);
        }
        status = EvaluationStatus.of(measured, criteria, false, note, place);
    }

    /// Makes the report, tells the listener, and notes that both are done.
    private void tell(Measurements measured) throws IOException {
        boolean done = measured.ended().filter(end -> end.how() == Measurement.How.DONE).isPresent();
        Optional<Report> report = done
                ? Optional.of(Report.make(place, measured, criteria, place.resolve(STATE), ports.key()))
                : Optional.empty();
        ports.listener().ended(EvaluationStatus.of(measured, criteria, false, "", place), report);
        DurableFiles.write(place.resolve(TOLD), new byte[0]);
    }

    synchronized void cancel() {
        cancelled = true;
        if (runner != null) {
            runner.stop(Runner.Stop.CANCEL);
        }
    }

    synchronized void stop() {
        stopped = true;
        if (runner != null) {
            runner.stop(Runner.Stop.CLOSE);
        }
    }

    void join() {
        try {
            await(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean await(Duration timeout) throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        return running == null || running.join(timeout);
    }
}
