package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.util.concurrent.ThreadLocalRandom;

/// Waits between tries: exponential with full jitter, so that many devices do not come back at once.
final class Pause {

    private static final long FIRST_MS = 50;
    private static final long LONGEST_MS = 5_000;

    private Pause() {}

    /// Waits before try number `number`, which is 2 or more.
    static void beforeTry(int number) throws CofferException {
        long ceiling = Math.min(LONGEST_MS, FIRST_MS << Math.min(number - 1, 16));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CofferException(ErrorCode.UNAVAILABLE, "the work was interrupted", e);
        }
    }
}
