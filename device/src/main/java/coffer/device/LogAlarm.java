package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import org.jspecify.annotations.Nullable;

/// What the transparency log can do wrong, in words for a person.
final class LogAlarm {

    private static final String ASK = " Uploads from this device have stopped; reading goes on, and nothing is lost."
            + " Compare `coffer log show` with another device and ask the service's operator."
            + " To trust the log that is served now, join this device anew into a fresh home.";

    private LogAlarm() {}

    /// A contradiction to what was verified before. It stays until a person acts.
    static CofferException of(ErrorCode code) {
        String message =
                switch (code) {
                    case ROLLBACK -> "The service's transparency log is older than the one this account has seen.";
                    case KEY_CHANGED -> "The service's transparency log is signed by another key than this device trusts.";
                    default -> "The service's transparency log contradicts the one this account has seen.";
                };
        return CofferException.withAdvice(code, message, "The service may be keeping two logs." + ASK);
    }

    /// What is served is not what was signed: tiles and entries damaged or made up.
    static CofferException damaged() {
        return CofferException.withAdvice(
                ErrorCode.INTEGRITY,
                "The transparency log as it is served does not add up to its own checkpoint.",
                "It was refused, and this device keeps what it verified before. Try again later; if it stays so, ask the"
                        + " service's operator.");
    }

    static CofferException malformed(Exception cause) {
        return new CofferException(ErrorCode.PROTOCOL, "The transparency log is served in a form that it cannot have.", cause);
    }

    /// Signed, and nevertheless no log of this kind.
    static CofferException illegal(@Nullable Exception cause) {
        String message = "The transparency log holds a statement that cannot stand there.";
        return cause == null
                ? new CofferException(ErrorCode.CHAIN, message)
                : new CofferException(ErrorCode.CHAIN, message, cause);
    }

    static CofferException unknown(Exception cause) {
        return new CofferException(ErrorCode.DOWNGRADE, "The transparency log holds a statement of a later version.", cause);
    }
}
