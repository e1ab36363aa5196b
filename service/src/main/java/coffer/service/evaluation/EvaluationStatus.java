package coffer.service.evaluation;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// Where an evaluation stands.
///
/// @param evaluation its name: the provider's id, a slash and a number
/// @param begun      when it was started
/// @param duration   how long it measures
/// @param measured   how long it has measured; stands still while the service is stopped
/// @param rounds     begun so far
/// @param probes     calls made
/// @param failed     calls that were not served
/// @param wrongBytes reads that gave other bytes than were stored
/// @param denied     answers that a stored object is not there
/// @param left       objects that it wrote and that may still be there
/// @param note       a sentence about what went wrong; empty if nothing did
/// @param folder     where its state and its report lie
public record EvaluationStatus(
        String evaluation,
        String provider,
        State state,
        Instant begun,
        Duration duration,
        Duration measured,
        int rounds,
        long probes,
        long failed,
        long wrongBytes,
        long denied,
        int left,
        String note,
        Path folder) {

    /// How far it is.
    public enum State {
        /// Measuring, or cleaning up.
        RUNNING,
        /// Not running, and not over: it can be resumed, or cancelled.
        STOPPED,
        /// Over; every criterion was met.
        PASSED,
        /// Over; some criterion was not met or not measured.
        FAILED,
        /// Over by request, without a report.
        CANCELLED,
        /// Never began: the provider refused credentials, place or clock.
        REFUSED;

        public boolean isOver() {
            return switch (this) {
                case RUNNING, STOPPED -> false;
                case PASSED, FAILED, CANCELLED, REFUSED -> true;
            };
        }
    }

    static EvaluationStatus of(Measurements measured, Criteria criteria, boolean running, String note, Path folder) {
        Measurement.Begun begun = measured.begun().orElseThrow();
        State state = measured.ended().map(end -> state(end, measured, criteria)).orElse(running ? State.RUNNING : State.STOPPED);
        return new EvaluationStatus(
                begun.evaluation(),
                begun.provider(),
                state,
                Instant.parse(begun.wall()),
                Duration.ofMillis(begun.durationMs()),
                Duration.ofMillis(Math.min(measured.at(), begun.durationMs())),
                measured.rounds().count(),
                measured.probes(),
                measured.failed(),
                measured.wrongBytes(),
                measured.denied(),
                measured.ledger().outstanding().size(),
                measured.ended().map(Measurement.Ended::note).orElse(note),
                folder);
    }

    private static State state(Measurement.Ended end, Measurements measured, Criteria criteria) {
        return switch (end.how()) {
            case DONE -> Verdict.of(measured, criteria).isPassed() ? State.PASSED : State.FAILED;
            case CANCELLED -> State.CANCELLED;
            case REFUSED -> State.REFUSED;
        };
    }
}
