package coffer.core.log;

import coffer.core.CborException;

/// The entry names a set of algorithms that this program does not know: not malformed, but not to be read either.
public final class UnknownSuiteException extends CborException {
    public UnknownSuiteException() {
        super("unknown suite");
    }
}
