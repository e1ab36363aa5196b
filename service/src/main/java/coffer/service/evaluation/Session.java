package coffer.service.evaluation;

import coffer.core.Hash;
import coffer.store.ObjectInfo;
import coffer.store.ObjectMissing;
import coffer.store.ObjectName;
import coffer.store.ObjectStore;
import coffer.store.StoreException;
import coffer.store.StoreRefused;
import coffer.store.StoredStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// What the parts of a running evaluation share: calls that are timed, judged and recorded. For one thread.
final class Session {

    /// Calls in a row that were not served, after which a round does not try the rest: each may take as long as a timeout.
    private static final int AWAY = 3;

    private final Subject subject;
    private final Criteria criteria;
    private final EvaluationTime time;
    private final RandomGenerator random;
    private final Material material;
    private final StateLog log;
    private final Measurements measured;
    private final BooleanSupplier stopping;
    private final long startNanos;
    private final long startAt;
    private int notServed;

    Session(
            Subject subject,
            Criteria criteria,
            EvaluationTime time,
            RandomGenerator random,
            String prefix,
            StateLog log,
            Measurements measured,
            BooleanSupplier stopping) {
        this.subject = subject;
        this.criteria = criteria;
        this.time = time;
        this.random = random;
        this.material = new Material(random, prefix);
        this.log = log;
        this.measured = measured;
        this.stopping = stopping;
        this.startNanos = time.nanos();
        this.startAt = measured.at();
    }

    Subject subject() {
        return subject;
    }

    ObjectStore store() {
        return subject.store();
    }

    Criteria criteria() {
        return criteria;
    }

    EvaluationTime time() {
        return time;
    }

    RandomGenerator random() {
        return random;
    }

    Material material() {
        return material;
    }

    Measurements measured() {
        return measured;
    }

    /// Milliseconds that the evaluation has been running.
    long at() {
        return startAt + (time.nanos() - startNanos) / 1_000_000;
    }

    /// Adds one line; after a stop ends in [Stopped] instead, because an interrupted call says nothing about the provider.
    void record(Measurement measurement) {
        if (stopping.getAsBoolean()) {
            throw new Stopped();
        }
        try {
            log.append(measurement);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        measured.add(measurement);
    }

    void force() {
        try {
            log.force();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// To be forced before the object is written.
    void intend(ObjectName name, long size, Role role) {
        record(new Measurement.Intended(at(), name.text(), size, role));
    }

    void sleep(Duration duration) {
        if (stopping.getAsBoolean()) {
            throw new Stopped();
        }
        if (!duration.isNegative() && !duration.isZero()) {
            try {
                time.sleep(duration);
            } catch (InterruptedException e) {
                // Whoever interrupts says first that the evaluation stops.
                if (stopping.getAsBoolean()) {
                    throw new Stopped();
                }
            }
        }
    }

    /// A new round, or another reason to believe that the provider is there.
    void hope() {
        notServed = 0;
    }

    /// Whether so many calls in a row were not served that more of them tell nothing.
    boolean isAway() {
        return notServed >= AWAY;
    }

    /// One call to the store.
    @FunctionalInterface
    interface Call {
        Result run() throws StoreException;
    }

    Result timed(Operation operation, Role role, ObjectName name, Call call) {
        long from = time.nanos();
        Result result = judged(call);
        record(new Measurement.Probed(at(), operation, role, name.text(), microsSince(from), result));
        return result;
    }

    long microsSince(long nanos) {
        return (time.nanos() - nanos) / 1_000;
    }

    /// Makes the call, notes whether it was served, and records nothing.
    Result judged(Call call) {
        Result result;
        try {
            result = call.run();
        } catch (StoreException e) {
            result = Result.of(e);
        }
        notServed = result.isOutage() ? notServed + 1 : 0;
        return result;
    }

    Result put(Material.Piece piece, Role role) {
        return timed(Operation.PUT, role, piece.name(), () -> {
            try {
                store().put(piece.name(), piece.bytes());
                return Result.RIGHT;
            } catch (ObjectMissing e) {
                // No object can be missing here: the place is.
                return Result.REFUSED;
            }
        });
    }

    Result get(ObjectName name, Role role) {
        return timed(Operation.GET, role, name, () -> read(name));
    }

    Result stat(ObjectName name, long size, Role role) {
        return timed(Operation.STAT, role, name, () -> {
            Optional<ObjectInfo> info = store().stat(name);
            if (info.isEmpty()) {
                return denied(name);
            }
            return info.get().size() == size ? Result.RIGHT : Result.WRONG;
        });
    }

    /// An answer to `stat` has no body that could say that the whole place is gone, which is an outage and no loss.
    private Result denied(ObjectName name) throws StoreException {
        try {
            store().get(name).close();
            return Result.MISSING;
        } catch (StoreRefused e) {
            return Result.REFUSED;
        }
    }

    /// @return whether the object is known to be gone
    boolean delete(ObjectName name, Role role) {
        Result deleted = timed(Operation.DELETE, role, name, () -> {
            store().delete(name);
            return Result.RIGHT;
        });
        return deleted == Result.RIGHT;
    }

    void expectGone(ObjectName name, Role role) {
        timed(Operation.GONE, role, name, () -> store().stat(name).isEmpty() ? Result.RIGHT : Result.WRONG);
    }

    /// Reads a whole object and compares its SHA-256, whatever the store claims to have checked.
    Result read(ObjectName name) throws StoreException {
        MessageDigest digest = Hash.digest();
        byte[] buffer = new byte[32 << 10];
        try (StoredStream in = store().get(name)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return Arrays.equals(digest.digest(), name.sha256().toArray()) ? Result.RIGHT : Result.WRONG;
    }
}
