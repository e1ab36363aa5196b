package coffer.service;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether a provider has failed for too long: every probe since some time failed, and that time is as long as allowed. One
/// success refills the budget. A value; each answer makes the next.
///
/// @param failures     probes that failed since the last success
/// @param failingSince when the first of them ended; null while there is none
record ErrorBudget(int failures, @Nullable Instant failingSince) {

    /// A lost packet or two prove nothing, however long the pause between probes.
    private static final int FAILURES_MIN = 3;

    static final ErrorBudget FULL = new ErrorBudget(0, null);

    ErrorBudget after(boolean success, Instant now) {
        return success ? FULL : new ErrorBudget(failures + 1, failingSince == null ? now : failingSince);
    }

    boolean isSpent(Duration allowed, Instant now) {
        return failures >= FAILURES_MIN && failingSince != null && !now.isBefore(failingSince.plus(allowed));
    }
}
