package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;

/// The work ends because nobody wants it any more.
final class Stop {

    private Stop() {}

    static CofferException now() {
        return new CofferException(ErrorCode.UNAVAILABLE, "Stopped before it was done; what was committed is safe.");
    }

    static void check(Progress progress) throws CofferException {
        if (progress.cancelled() || Thread.currentThread().isInterrupted()) {
            throw now();
        }
    }
}
