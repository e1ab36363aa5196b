package coffer.service;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one piece of work again and again in a thread of its own: after every period, and at once when [#poke]d.
final class Periodic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    /// One round. It looks at [#isStopping] between steps and leaves nothing half done.
    @FunctionalInterface
    interface Work {
        void run() throws StorageException, InterruptedException;
    }

    private final String name;
    private final long everyMillis;
    private final Work work;
    private final Semaphore pokes = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopping;

    Periodic(String name, Duration every, Work work) {
        this.name = name;
        this.everyMillis = every.toMillis();
        this.work = work;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Begins a round soon; pokes during one lead to one more.
    void poke() {
        pokes.release();
    }

    boolean isStopping() {
        return stopping;
    }

    private void run() {
        try {
            while (!stopping) {
                boolean _ = pokes.tryAcquire(everyMillis, TimeUnit.MILLISECONDS);
                pokes.drainPermits();
                if (!stopping) {
                    round();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() throws InterruptedException {
        try {
            work.run();
        } catch (StorageException e) {
            LOG.warn("event={} outcome=storage-failed reason={}", name, e.reason());
        } catch (RuntimeException e) {
            LOG.error("event={} outcome=bug", name, e);
        }
    }

    /// Lets the step at hand be finished, then ends.
    @Override
    public void close() {
        stopping = true;
        poke();
        try {
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
