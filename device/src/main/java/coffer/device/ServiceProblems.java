package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.api.ProblemInfo;
import coffer.device.HttpExchange.Answer;
import java.util.Map;

/// What a refusal by the service means on this device. The service's own words are never shown: only its status and,
/// where it is one of ours, its code.
final class ServiceProblems {

    private ServiceProblems() {}

    static CofferException of(Answer answer) {
        if (answer.status() == 507 && codeIn(answer) != ErrorCode.QUOTA) {
            return noRoom("The service's own disk is full.");
        }
        ErrorCode code =
                switch (answer.status()) {
                    case 401, 403 -> ErrorCode.NOT_AUTHORISED;
                    case 404 -> ErrorCode.UNAVAILABLE;
                    case 413 -> ErrorCode.LIMIT;
                    case 422 -> codeIn(answer);
                    case 429, 502, 503, 504 -> ErrorCode.UNAVAILABLE;
                    case 507 -> ErrorCode.QUOTA;
                    default -> answer.status() >= 500 ? ErrorCode.UNAVAILABLE : ErrorCode.PROTOCOL;
                };
        return new CofferException(code, message(code), Map.of("status", Integer.toString(answer.status())));
    }

    /// The place is full, rather than this account's share of it: the person cannot make room.
    static CofferException noRoom(String message) {
        return CofferException.withAdvice(
                ErrorCode.QUOTA,
                message,
                "What was committed is safe. Ask the service's operator to make room, then run the same command again:"
                        + " it goes on where it stopped.");
    }

    private static String message(ErrorCode code) {
        return switch (code) {
            case NOT_AUTHORISED -> "the service refuses this device";
            case UNAVAILABLE -> "the service does not have it now, or is not able to answer";
            case LIMIT -> "the service takes no request of this size";
            case QUOTA -> "the service has no room for this";
            case PROTOCOL,
                    INTEGRITY,
                    CHAIN,
                    ROLLBACK,
                    FORK,
                    KEY_CHANGED,
                    DOWNGRADE,
                    ENROLMENT,
                    RESIDENCY,
                    UNSAFE_NAME,
                    LOCAL -> "the service refuses the request";
        };
    }

    private static ErrorCode codeIn(Answer answer) {
        try {
            return ErrorCode.valueOf(Json.read(answer.body(), ProblemInfo.class).code());
        } catch (CofferException | IllegalArgumentException e) {
            return ErrorCode.PROTOCOL;
        }
    }
}
