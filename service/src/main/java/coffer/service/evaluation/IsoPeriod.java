package coffer.service.evaluation;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// How long to evaluate, as people write it: `PT2M`, `P30D`, `P15M` (months), `P1Y`.
public final class IsoPeriod {

    /// Under this nothing can be measured.
    public static final Duration MIN = Duration.ofSeconds(1);

    /// Ten years.
    public static final Duration MAX = Duration.ofDays(3_653);

    private IsoPeriod() {}

    /// @param from when it begins, because months differ
    /// @throws IllegalArgumentException it is not an ISO 8601 duration or period from [#MIN] to [#MAX]
    public static Duration parse(String text, Instant from) {
        Duration duration = text.contains("T") ? time(text) : dates(text, from);
        if (duration.compareTo(MIN) < 0 || duration.compareTo(MAX) > 0) {
            throw wrong(null);
        }
        return duration;
    }

    private static Duration time(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw wrong(e);
        }
    }

    private static Duration dates(String text, Instant from) {
        try {
            return Duration.between(from, from.atOffset(ZoneOffset.UTC).plus(Period.parse(text)).toInstant());
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(e);
        }
    }

    private static IllegalArgumentException wrong(@Nullable Exception cause) {
        return new IllegalArgumentException("want an ISO 8601 duration from a second to ten years, such as PT2M, P30D or P15M", cause);
    }
}
