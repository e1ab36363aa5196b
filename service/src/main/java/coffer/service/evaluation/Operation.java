package coffer.service.evaluation;

/// What is asked of a store.
public enum Operation {
    PUT,
    GET,
    STAT,
    /// `stat` of an object that was deleted: right when there is none.
    GONE,
    DELETE,
    LIST
}
