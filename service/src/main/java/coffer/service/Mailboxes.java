package coffer.service;

import coffer.core.Bytes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Letter boxes where two devices that share a code exchange a few sealed letters. Each has four slots, each slot is
/// written once, and all of it is gone after a few minutes or when the service stops.
///
/// The service knows neither the code nor the letters: the name of a box is derived from the code, and so are the keys.
final class Mailboxes {

    static final int SLOTS = 4;
    static final int LETTER_BYTES_MAX = 64 << 10;
    private static final long BYTES_MAX = 16L << 20;

    /// What became of a letter.
    enum Result {
        STORED,
        WRITTEN_BEFORE,
        NO_ROOM
    }

    private static final class Box {
        private final @Nullable Bytes[] slots = new Bytes[SLOTS];
        private final long expiresNanos;

        Box(long expiresNanos) {
            this.expiresNanos = expiresNanos;
        }
    }

    private final int countMax;
    private final Duration life;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /// Guarded by `lock`, as is all that follows.
    private final Map<Bytes, Box> boxes = new HashMap<>();

    private long bytes;
    private boolean closed;

    /// @param nanos a clock that never goes back
    Mailboxes(int countMax, Duration life, LongSupplier nanos) {
        this.countMax = countMax;
        this.life = life;
        this.nanos = nanos;
    }

    Result put(Bytes id, int slot, Bytes letter) {
        lock.lock();
        try {
            expire();
            Box box = boxes.get(id);
            if (box != null && box.slots[slot] != null) {
                return Result.WRITTEN_BEFORE;
            }
            if (closed || bytes + letter.size() > BYTES_MAX || (box == null && boxes.size() >= countMax)) {
                return Result.NO_ROOM;
            }
            if (box == null) {
                box = new Box(nanos.getAsLong() + life.toNanos());
                boxes.put(id, box);
            }
            box.slots[slot] = letter;
            bytes += letter.size();
            changed.signalAll();
            return Result.STORED;
        } finally {
            lock.unlock();
        }
    }

    /// The letter in a slot, waiting up to `wait` for it to come.
    Optional<Bytes> take(Bytes id, int slot, Duration wait) throws InterruptedException {
        long deadline = nanos.getAsLong() + wait.toNanos();
        lock.lock();
        try {
            while (true) {
                expire();
                Box box = boxes.get(id);
                Bytes letter = box == null ? null : box.slots[slot];
                long left = deadline - nanos.getAsLong();
                if (letter != null || left <= 0 || closed) {
                    return Optional.ofNullable(letter);
                }
                boolean told = changed.await(left, TimeUnit.NANOSECONDS);
                if (!told && nanos.getAsLong() < deadline) {
                    // The clock of a test stands still while real time passes.
                    return Optional.empty();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            expire();
            return boxes.size();
        } finally {
            lock.unlock();
        }
    }

    private void expire() {
        long now = nanos.getAsLong();
        Iterator<Box> all = boxes.values().iterator();
        while (all.hasNext()) {
            Box box = all.next();
            if (box.expiresNanos - now <= 0) {
                for (Bytes letter : box.slots) {
                    bytes -= letter == null ? 0 : letter.size();
                }
                all.remove();
            }
        }
    }

    /// Lets everybody who waits go.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
