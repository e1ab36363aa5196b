package coffer.cli;

/// The command was called in a way that means nothing; the message says how to call it.
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
