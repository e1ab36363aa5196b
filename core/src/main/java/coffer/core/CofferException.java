package coffer.core;

import java.util.Map;

/// The world failed, in one of the ways of [ErrorCode].
///
/// The message is a constant sentence of ours that can be counted; what varies stands in [#details]. Neither holds
/// names, paths, keys or content, because both may reach a log.
public class CofferException extends Exception {

    /// The detail that says better than the code's own advice what is safe and what to do.
    public static final String ADVICE = "advice";

    private final ErrorCode code;
    private final transient Map<String, String> details;

    private final String reason;

    public CofferException(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    public CofferException(ErrorCode code, String message, Map<String, String> details) {
        super(message);
        this.reason = message;
        this.code = code;
        this.details = Map.copyOf(details);
    }

    public CofferException(ErrorCode code, String message, Throwable cause) {
        this(code, message, Map.of(), cause);
    }

    public CofferException(ErrorCode code, String message, Map<String, String> details, Throwable cause) {
        super(message, cause);
        this.reason = message;
        this.code = code;
        this.details = Map.copyOf(details);
    }

    /// A failure for which the code's own advice would mislead.
    ///
    /// @param advice what is safe and what to do, for a person; a constant of ours, like the message
    public static CofferException withAdvice(ErrorCode code, String message, String advice) {
        return new CofferException(code, message, Map.of(ADVICE, advice));
    }

    public static CofferException withAdvice(ErrorCode code, String message, String advice, Throwable cause) {
        return new CofferException(code, message, Map.of(ADVICE, advice), cause);
    }

    /// What is safe and what to do, for a person.
    public String advice() {
        return details.getOrDefault(ADVICE, code.advice());
    }

    public ErrorCode code() {
        return code;
    }

    /// The message, which every exception of this kind has.
    public String reason() {
        return reason;
    }

    /// Ids, sizes and counts that say which item failed.
    public Map<String, String> details() {
        return details;
    }
}
