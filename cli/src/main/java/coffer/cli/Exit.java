package coffer.cli;

/// Exit statuses that no [coffer.core.ErrorCode] has; they never change meaning (docs/cli.md).
final class Exit {

    /// Everything was done.
    static final int OK = 0;

    /// It was done, but for the problems listed; or something asked for a person's attention.
    static final int PROBLEMS = 1;

    /// The command was called wrongly; nothing was done.
    static final int USAGE = 2;

    /// A fault of Coffer itself.
    static final int BUG = 70;

    /// What was printed could not be written.
    static final int OUTPUT = 74;

    private Exit() {}
}
