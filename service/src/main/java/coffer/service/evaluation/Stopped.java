package coffer.service.evaluation;

/// Measuring ends here, because the service stops or somebody cancelled. Nothing more is recorded.
@SuppressWarnings("serial") // lives for one unwinding
final class Stopped extends RuntimeException {
    Stopped() {
        super("the evaluation was stopped", null, false, false);
    }
}
