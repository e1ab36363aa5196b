package coffer.store;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs something if a deadline passes first. The JDK's HTTP client watches only over the head of an answer: a body
/// that stops coming would hold its reader for ever.
final class Watchdog implements AutoCloseable {

    private final ScheduledThreadPoolExecutor timer;

    Watchdog() {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("store-watchdog").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// `action` runs unless the result is cancelled in time. It must not block.
    Future<?> after(Duration deadline, Runnable action) {
        return timer.schedule(action, deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
