package coffer.agent;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Failures that no [CofferException] of the device describes, as the caller sees them.
final class Problems {

    /// The code of a fault of ours; not in [ErrorCode], because nobody should meet it.
    static final String BUG = "BUG";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    static Json.Fields badRequest(Json.JsonException error) {
        return Wire.problem(new CofferException(
                ErrorCode.PROTOCOL,
                "The agent does not understand the request.",
                java.util.Map.of("reason", String.valueOf(error.getMessage()))));
    }

    /// Logs where it happened, without the message, which may hold anything.
    static Json.Fields bug(Throwable error) {
        StringBuilder trace = new StringBuilder(error.getClass().getName());
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            trace.append(" | ").append(cause.getClass().getName());
            for (StackTraceElement frame : cause.getStackTrace()) {
                trace.append("\n    at ").append(frame);
            }
        }
        LOG.error("a fault of Coffer itself: {}", trace);
        return Json.object()
                .put("code", BUG)
                .put("message", "Something is wrong in Coffer itself.")
                .put("advice", "What was committed is safe. Please report this with the end of agent.log in the home.")
                .put("details", Json.object().put("type", error.getClass().getSimpleName()).build())
                .build();
    }
}
