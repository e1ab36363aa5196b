package coffer.service.evaluation;

/// The direction of a transfer.
public enum Way {
    UP,
    DOWN
}
