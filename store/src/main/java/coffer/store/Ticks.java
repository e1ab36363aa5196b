package coffer.store;

import java.time.Duration;

/// Time that passes, so that tests can let it pass as they like.
public interface Ticks {

    /// Nanoseconds from some fixed moment; never goes back.
    long nanos();

    /// Waits; an interrupt ends it.
    void sleep(Duration duration) throws InterruptedException;

    /// Waits, or ends in [StoreUnavailable] with the interrupt flag set.
    default void pause(Duration duration) throws StoreUnavailable {
        if (duration.isNegative() || duration.isZero()) {
            return;
        }
        try {
            sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting", e);
        }
    }

    /// The time of this computer.
    Ticks SYSTEM = new Ticks() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }
    };
}
