package coffer.service;

import coffer.core.DeviceId;
import coffer.core.LogId;
import coffer.core.api.HeadEvent;
import coffer.core.log.Head;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// Tells listening devices of new heads.
///
/// A listener keeps at most the latest head of each log, so a slow one costs memory in proportion to its logs and not to
/// what happens; it may miss heads in between, never the last.
final class EventHub {

    /// A new head, written once for all who hear of it.
    ///
    /// @param text as it is sent
    record Notice(Head head, String text) {
        static Notice of(LogId log, Head head) {
            byte[] data = Json.write(new HeadEvent(log.hex(), head.sequence(), head.id().hex()));
            return new Notice(head, "event: head\ndata: " + new String(data, StandardCharsets.UTF_8) + "\n\n");
        }
    }

    /// One device's open stream.
    static final class Listener {
        private final Caller caller;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        /// Guarded by `lock`.
        private final Map<LogId, Notice> pending = new LinkedHashMap<>();
        /// Guarded by `lock`.
        private boolean ended;

        private Listener(Caller caller) {
            this.caller = caller;
        }

        Caller caller() {
            return caller;
        }

        void tell(LogId log, Notice notice) {
            lock.lock();
            try {
                pending.merge(
                        log, notice, (old, fresh) -> fresh.head().sequence() > old.head().sequence() ? fresh : old);
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        void end() {
            lock.lock();
            try {
                ended = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        /// Waits for news: those that are there, none if the time is over, empty if the stream is to end.
        Optional<List<Notice>> await(long millis) throws InterruptedException {
            lock.lock();
            try {
                long left = TimeUnit.MILLISECONDS.toNanos(millis);
                while (pending.isEmpty() && !ended && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (ended) {
                    return Optional.empty();
                }
                List<Notice> notices = List.copyOf(pending.values());
                pending.clear();
                return Optional.of(notices);
            } finally {
                lock.unlock();
            }
        }
    }

    private final int perDeviceMax;
    private final int max;
    private final ConcurrentHashMap<LogId, Set<Listener>> listeners = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    EventHub(int perDeviceMax, int max) {
        this.perDeviceMax = perDeviceMax;
        this.max = max;
    }

    /// A new listener; empty if there are too many.
    Optional<Listener> listen(Caller caller) {
        if (closed || count.incrementAndGet() > max) {
            count.decrementAndGet();
            return Optional.empty();
        }
        Listener listener = new Listener(caller);
        boolean[] added = {false};
        listeners.compute(caller.account(), (account, present) -> {
            Set<Listener> set = present == null ? ConcurrentHashMap.newKeySet() : present;
            long mine = set.stream()
                    .filter(other -> other.caller.device().equals(caller.device()))
                    .count();
            added[0] = mine < perDeviceMax && set.add(listener);
            return set.isEmpty() ? null : set;
        });
        if (!added[0]) {
            count.decrementAndGet();
            return Optional.empty();
        }
        if (closed) {
            listener.end();
        }
        return Optional.of(listener);
    }

    void leave(Listener listener) {
        listeners.computeIfPresent(listener.caller.account(), (account, set) -> {
            if (set.remove(listener)) {
                count.decrementAndGet();
            }
            return set.isEmpty() ? null : set;
        });
    }

    void publish(LogId log, Head head, Collection<LogId> accounts) {
        List<Set<Listener>> told =
                accounts.stream().map(listeners::get).filter(Objects::nonNull).toList();
        if (!told.isEmpty()) {
            Notice notice = Notice.of(log, head);
            told.forEach(set -> set.forEach(listener -> listener.tell(log, notice)));
        }
    }

    /// Ends the streams of devices that may not listen any more.
    void endUnless(LogId account, Predicate<DeviceId> mayListen) {
        for (Listener listener : listeners.getOrDefault(account, Set.of())) {
            if (!mayListen.test(listener.caller.device())) {
                listener.end();
            }
        }
    }

    int size() {
        return count.get();
    }

    /// Ends every stream and accepts no more.
    void close() {
        closed = true;
        listeners.values().forEach(set -> set.forEach(Listener::end));
    }
}
