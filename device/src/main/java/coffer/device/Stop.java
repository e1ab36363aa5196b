package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;

/// The work ends because nobody wants it any more.
final class Stop {

    private Stop() {}

    static CofferException now() {
        return CofferException.withAdvice(
                ErrorCode.UNAVAILABLE,
                "Stopped before it was done.",
                "What was committed is safe. Run the same command again: it goes on where it stopped.");
    }

    static void check(Progress progress) throws CofferException {
        if (progress.cancelled() || Thread.currentThread().isInterrupted()) {
            throw now();
        }
    }
}
