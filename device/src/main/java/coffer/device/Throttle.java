package coffer.device;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What transfers in one direction may take together: a bucket of bytes that fills at a rate, and may be overdrawn by
/// what has just been transferred; the next piece waits until it is full enough. The rate may change at any time, also for what waits.
///
/// Safe for all threads; only [#await] blocks one.
final class Throttle {

    static final long UNLIMITED = 0;

    /// Below this a transfer would be so slow that the other side takes it for dead.
    static final long BYTES_PER_SECOND_MIN = 32_000;

    /// What a line that was silent may take at once, in seconds of its rate.
    private static final double BURST_SECONDS = 0.25;

    /// Waits are cut into pieces of this, so that a new rate is felt soon.
    private static final long LOOK_AGAIN_MS = 200;

    private final LongSupplier nanoTime;
    private long rate; // these three guarded by this
    private double balance;
    private long filledNs;

    Throttle() {
        this(System::nanoTime);
    }

    Throttle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.filledNs = nanoTime.getAsLong();
    }

    /// @param bytesPerSecond [#UNLIMITED], or at least [#BYTES_PER_SECOND_MIN]
    synchronized void limit(long bytesPerSecond) {
        if (bytesPerSecond != UNLIMITED && bytesPerSecond < BYTES_PER_SECOND_MIN) {
            throw new IllegalArgumentException("slower than transfers can be");
        }
        rate = bytesPerSecond;
        balance = 0;
        filledNs = nanoTime.getAsLong();
    }

    synchronized long rate() {
        return rate;
    }

    /// Notes what was transferred.
    synchronized void spend(long bytes) {
        if (rate != UNLIMITED) {
            fill();
            balance -= bytes;
        }
    }

    /// Nanoseconds until more may be transferred; 0 for at once.
    synchronized long waitNs() {
        if (rate == UNLIMITED) {
            return 0;
        }
        fill();
        return balance >= 0 ? 0 : (long) (-balance / rate * 1e9) + 1;
    }

    /// Waits until more may be transferred.
    void await() throws InterruptedException {
        for (long waitNs = waitNs(); waitNs > 0; waitNs = waitNs()) {
            Thread.sleep(Math.clamp(TimeUnit.NANOSECONDS.toMillis(waitNs), 1, LOOK_AGAIN_MS));
        }
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        balance = Math.min(rate * BURST_SECONDS, balance + (now - filledNs) * 1e-9 * rate);
        filledNs = now;
    }

    /// Runs `next` once more may be transferred, on this thread if that is now. `alive` is run now and then while it waits.
    private void whenFree(Runnable next, Runnable alive) {
        long waitNs = waitNs();
        if (waitNs == 0) {
            next.run();
            return;
        }
        long ms = Math.clamp(TimeUnit.NANOSECONDS.toMillis(waitNs), 1, LOOK_AGAIN_MS);
        Executor later = CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS);
        later.execute(() -> {
            alive.run();
            whenFree(next, alive);
        });
    }

    /// A subscription whose requests wait for their turn, one piece at a time.
    ///
    /// @param alive run whenever the transfer goes on or rightly waits
    Flow.Subscription pace(Flow.Subscription subscription, Runnable alive) {
        return new Flow.Subscription() {
            @Override
            public void request(long count) {
                whenFree(() -> subscription.request(count), alive);
            }

            @Override
            public void cancel() {
                subscription.cancel();
            }
        };
    }
}
