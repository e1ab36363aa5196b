package coffer.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A moment of the past as people write it: `2026-11-23`, `2026-11-23T14:05` or with a space, with or without seconds and a
/// zone, or how long ago: `90s`, `30m`, `2h`, `3d`, `1w`, `PT2H`, `P3D`. Without a zone it is a time of the person's own.
final class TimeWords {

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})(s|m|h|d|w)");

    private TimeWords() {}

    /// Empty for what is no time.
    static Optional<Instant> parse(String text, Instant now, ZoneId zone) {
        String plain = text.strip().replaceFirst("(?<=\\d) (?=\\d)", "T");
        List<Supplier<Instant>> forms = List.of(
                () -> ago(plain, now, zone),
                () -> now.minus(Duration.parse(plain)),
                () -> ZonedDateTime.ofInstant(now, zone).minus(Period.parse(plain)).toInstant(),
                () -> OffsetDateTime.parse(plain).toInstant(),
                () -> LocalDateTime.parse(plain).atZone(zone).toInstant(),
                () -> LocalDate.parse(plain).atStartOfDay(zone).toInstant());
        for (Supplier<Instant> form : forms) {
            try {
                return Optional.of(form.get());
            } catch (DateTimeException | ArithmeticException e) {
                // Another form, perhaps.
            }
        }
        return Optional.empty();
    }

    private static Instant ago(String text, Instant now, ZoneId zone) {
        Matcher ago = AGO.matcher(text.toLowerCase(Locale.ROOT));
        if (!ago.matches()) {
            throw new DateTimeException("not how long ago");
        }
        long count = Long.parseLong(ago.group(1));
        ZonedDateTime here = now.atZone(zone);
        return (switch (ago.group(2)) {
            case "s" -> here.minusSeconds(count);
            case "m" -> here.minusMinutes(count);
            case "h" -> here.minusHours(count);
            case "d" -> here.minusDays(count);
            default -> here.minusWeeks(count);
        }).toInstant();
    }
}
