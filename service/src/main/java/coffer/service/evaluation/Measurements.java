package coffer.service.evaluation;

import coffer.store.ObjectName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything measured so far, as far as the verdict and the report need it: the sum of the lines of a state file, in their
/// order. Memory grows with rounds (about 200 bytes for each), not with calls or bytes. Not for several threads.
final class Measurements {

    private final Ledger ledger = new Ledger();
    private final Outages outages = new Outages();
    private final Rounds rounds = new Rounds();
    private final Map<Operation, Samples> latencies = new EnumMap<>(Operation.class);
    private final Map<Check, Boolean> checks = new EnumMap<>(Check.class);
    private final List<Measurement.Carried> carried = new ArrayList<>();
    private Measurement.@Nullable Begun begun;
    private Measurement.@Nullable FinalRead finalRead;
    private Measurement.@Nullable Ended ended;
    private boolean cancelled;
    private long at;
    private int resumed;
    private int loadsDone;
    private long probes;
    private long failed;
    private long wrongBytes;
    private long wrongAnswers;
    private long denied;
    private long readBack;
    private long listings;
    private long listingErrors;
    private int foreign;

    Measurements() {
        for (Operation timed : List.of(Operation.PUT, Operation.GET, Operation.STAT)) {
            latencies.put(timed, new Samples());
        }
    }

    void add(Measurement measurement) {
        at = Math.max(at, measurement.at());
        switch (measurement) {
            case Measurement.Begun it -> begun = it;
            case Measurement.Resumed _ -> {
                resumed++;
                ledger.resumed();
            }
            case Measurement.Round it -> rounds.begin(it.at());
            case Measurement.Intended it -> ledger.intended(ObjectName.parse(it.name()), it.size(), it.role());
            case Measurement.Probed it -> add(it);
            case Measurement.ReadBack it -> {
                readBack += it.objects();
                answered(Operation.GET, it.objects());
            }
            case Measurement.Listed it -> add(it);
            case Measurement.Checked it -> checks.put(it.check(), it.holds());
            case Measurement.Carried it -> add(it);
            case Measurement.LoadDone it -> loadsDone = Math.max(loadsDone, it.run() + 1);
            case Measurement.FinalRead it -> {
                finalRead = it;
                rounds.end(it.at());
            }
            case Measurement.Cancelled _ -> cancelled = true;
            case Measurement.Ended it -> {
                ended = it;
                rounds.end(it.at());
                outages.end(it.at());
            }
        }
    }

    private void add(Measurement.Probed it) {
        ObjectName name = ObjectName.parse(it.name());
        note(it.operation(), it.result(), it.micros());
        if (it.operation() == Operation.DELETE && it.result() != Result.RIGHT) {
            ledger.uncertain(name);
        }
        switch (it.result()) {
            case RIGHT -> right(it, name);
            case MISSING -> {
                denied++;
                if (it.operation() == Operation.GET) {
                    ledger.missing(name);
                }
            }
            case WRONG -> {
                wrongBytes += it.operation() == Operation.GET ? 1 : 0;
                wrongAnswers += it.operation() == Operation.GET ? 0 : 1;
            }
            case UNAVAILABLE, REFUSED, FULL -> {
                // Counted as not answered.
            }
        }
    }

    private void right(Measurement.Probed it, ObjectName name) {
        switch (it.operation()) {
            case PUT -> ledger.stored(name, it.at());
            case DELETE -> ledger.gone(name, it.at());
            case GET -> {
                ledger.found(name);
                readBack++;
            }
            case STAT, GONE, LIST -> {
                // Changes nothing of what is known to be there.
            }
        }
        Samples samples = latencies.get(it.operation());
        if (samples != null && it.role().isTimed()) {
            samples.add(it.at(), it.micros());
        }
    }

    private void add(Measurement.Listed it) {
        note(Operation.LIST, it.result(), it.micros());
        if (!it.result().isOutage()) {
            listings++;
            int wrong = it.absent() + it.undeleted() + it.phantoms();
            listingErrors += wrong == 0 && it.result() == Result.WRONG ? 1 : wrong;
            foreign = Math.max(foreign, it.foreign());
        }
    }

    private void add(Measurement.Carried it) {
        carried.removeIf(old ->
                old.run() == it.run() && old.way() == it.way() && old.concurrency() == it.concurrency());
        carried.add(it);
        rounds.count(it.right(), it.right() + it.failed());
        probes += it.right() + it.failed();
        failed += it.failed();
    }

    private void note(Operation operation, Result result, long micros) {
        Operation kind = operation == Operation.GONE ? Operation.STAT : operation;
        if (result.isOutage()) {
            outages.failed(kind, at, micros);
            failed++;
        } else {
            outages.answered(kind, at);
        }
        probes++;
        rounds.count(result == Result.RIGHT ? 1 : 0, 1);
    }

    private void answered(Operation operation, int calls) {
        if (calls > 0) {
            outages.answered(operation, at);
            probes += calls;
            rounds.count(calls, calls);
        }
    }

    /// Milliseconds of the evaluation that the last measurement belongs to.
    long at() {
        return at;
    }

    Ledger ledger() {
        return ledger;
    }

    Outages outages() {
        return outages;
    }

    Rounds rounds() {
        return rounds;
    }

    /// Of small objects; `operation` is one of `PUT`, `GET` and `STAT`.
    Samples latencies(Operation operation) {
        Samples samples = latencies.get(operation);
        if (samples == null) {
            throw new IllegalArgumentException("the latency of this is not measured");
        }
        return samples;
    }

    Map<Check, Boolean> checks() {
        return checks;
    }

    List<Measurement.Carried> carried() {
        return carried;
    }

    Optional<Measurement.Begun> begun() {
        return Optional.ofNullable(begun);
    }

    Optional<Measurement.FinalRead> finalRead() {
        return Optional.ofNullable(finalRead);
    }

    Optional<Measurement.Ended> ended() {
        return Optional.ofNullable(ended);
    }

    boolean isCancelled() {
        return cancelled;
    }

    int resumed() {
        return resumed;
    }

    int loadsDone() {
        return loadsDone;
    }

    long probes() {
        return probes;
    }

    /// Probes that were not served.
    long failed() {
        return failed;
    }

    /// Reads that gave other bytes than were stored.
    long wrongBytes() {
        return wrongBytes;
    }

    /// Answers other than reads that no sound store gives: a wrong size, a deleted object that is there.
    long wrongAnswers() {
        return wrongAnswers;
    }

    /// Answers that a stored object is not there.
    long denied() {
        return denied;
    }

    /// Reads whose bytes were compared and right.
    long readBack() {
        return readBack;
    }

    long listings() {
        return listings;
    }

    long listingErrors() {
        return listingErrors;
    }

    /// Objects of others seen under the prefix at once.
    int foreign() {
        return foreign;
    }
}
