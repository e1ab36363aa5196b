package coffer.core;

import java.util.Map;

/// The world failed, in one of the ways of [ErrorCode].
///
/// The message is a constant sentence of ours that can be counted; what varies stands in [#details]. Neither holds
/// names, paths, keys or content, because both may reach a log.
public class CofferException extends Exception {

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
