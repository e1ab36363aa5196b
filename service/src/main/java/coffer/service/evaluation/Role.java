package coffer.service.evaluation;

/// Why an object was written.
enum Role {
    /// Read back in every round to the end.
    CANARY,
    /// Kept to the end; some are read back in every round.
    SAMPLE,
    /// Written, measured and deleted within a round.
    PASSING,
    /// Carries throughput.
    LOAD,
    /// Part of a conformance check.
    TRIAL;

    boolean isKept() {
        return switch (this) {
            case CANARY, SAMPLE -> true;
            case PASSING, LOAD, TRIAL -> false;
        };
    }

    /// Whether its latency is that of a small object.
    boolean isTimed() {
        return switch (this) {
            case SAMPLE, PASSING -> true;
            case CANARY, LOAD, TRIAL -> false;
        };
    }
}
