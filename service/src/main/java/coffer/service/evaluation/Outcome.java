package coffer.service.evaluation;

/// What became of one criterion.
public enum Outcome {
    PASS,
    FAIL,
    /// Counts as a failure: what was not measured is not relied on.
    NOT_MEASURED
}
