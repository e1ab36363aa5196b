package coffer.service.evaluation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// Figures and names as people read them.
final class Text {

    private Text() {}

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    static String figure(long value, Finding.Unit unit) {
        return switch (unit) {
            case HOLDS -> value == 1 ? "yes" : "no";
            case COUNT -> Long.toString(value);
            case MICROSECONDS -> micros(value);
            case MILLISECONDS -> duration(value);
            case BYTES_PER_SECOND -> rate(value);
            case PPM -> percent(value);
        };
    }

    static String micros(long micros) {
        return micros < 1_000
                ? micros + " µs"
                : micros < 1_000_000 ? round(micros / 1e3) + " ms" : round(micros / 1e6) + " s";
    }

    static String rate(long bytes) {
        return bytes < 1_000_000 ? round(bytes / 1e3) + " kB/s" : round(bytes / 1e6) + " MB/s";
    }

    /// Parts of a million as a percentage, exactly.
    static String percent(long ppm) {
        return BigDecimal.valueOf(ppm, 4).stripTrailingZeros().toPlainString() + " %";
    }

    static String duration(long millis) {
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 120_000) {
            return round(millis / 1e3) + " s";
        }
        if (millis < 2 * 3_600_000L) {
            return round(millis / 60e3) + " min";
        }
        return millis < 48 * 3_600_000L ? round(millis / 3_600e3) + " h" : round(millis / 86_400e3) + " days";
    }

    /// Three digits are as many as anybody reads.
    private static String round(double value) {
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
    }

    /// An instant without its fractions.
    static String time(String instant) {
        return escape(instant.replaceFirst("\\.\\d+Z", "Z").replace('T', ' ').replace("Z", " UTC"));
    }

    static String operation(Operation operation) {
        return switch (operation) {
            case PUT -> "Storing";
            case GET -> "Reading";
            case STAT -> "Asking";
            case GONE -> "Asking for what was deleted";
            case DELETE -> "Deleting";
            case LIST -> "Listing";
        };
    }

    static String criterion(String name) {
        String conformance = "conformance.";
        if (name.startsWith(conformance)) {
            String check = name.substring(conformance.length()).replace('-', '_').toUpperCase(Locale.ROOT);
            return check(Check.valueOf(check));
        }
        return switch (name) {
            case "integrity.wrong-bytes" -> "Reads that gave other bytes";
            case "integrity.wrong-answers" -> "Answers that no sound store gives";
            case "durability.denied" -> "Answers that a stored object is not there";
            case "durability.lost" -> "Objects lost";
            case "durability.unread" -> "Objects that could not be read at the end";
            case "listing.errors" -> "Errors in listings";
            case "throughput.up" -> "Throughput up, best of all levels";
            case "throughput.down" -> "Throughput down, best of all levels";
            case "availability" -> "Part of the time that calls were answered rightly";
            case "outage.longest" -> "Longest outage";
            case "outage.survived" -> "Outages seen and survived";
            case "cleanup.left" -> "Objects that could not be removed";
            default -> latency(name);
        };
    }

    private static String latency(String name) {
        String[] parts = name.split("\\.", -1);
        return "Latency of %s, %s".formatted(
                operation(Operation.valueOf(parts[1].toUpperCase(Locale.ROOT))).toLowerCase(Locale.ROOT), parts[2]);
    }

    static String check(Check check) {
        return switch (check) {
            case ROUND_TRIP -> "Objects come back as stored";
            case STORE_AGAIN -> "Storing again changes nothing";
            case RANGES -> "Ranges are exact";
            case ABSENT -> "What was never stored is missing";
            case DELETE -> "What was deleted is gone";
            case LIST_PAGES -> "Listings in pages are complete and in order";
            case UPLOAD_GRANT -> "An upload grant works";
            case UPLOAD_OTHER_BYTES -> "An upload of another SHA-256 is refused";
            case UPLOAD_OTHER_SIZE -> "An upload of another size is refused";
            case UPLOAD_ALTERED -> "An altered upload grant is refused";
            case UPLOAD_OTHER_OBJECT -> "An upload grant for another object is refused";
            case UPLOAD_OTHER_METHOD -> "An upload grant does not admit deleting";
            case UPLOAD_EXPIRED -> "An expired upload grant is refused";
            case DOWNLOAD_GRANT -> "A download grant works";
            case DOWNLOAD_RANGE -> "A download grant admits ranges";
            case DOWNLOAD_ALTERED -> "An altered download grant is refused";
            case DOWNLOAD_OTHER_OBJECT -> "A download grant for another object is refused";
            case DOWNLOAD_OTHER_METHOD -> "A download grant admits neither storing nor deleting";
            case DOWNLOAD_EXPIRED -> "An expired download grant is refused";
            case ANONYMOUS_READ -> "Reading without a grant is refused";
            case CONDITIONAL_WRITE -> "Conditional writes (not relied on)";
        };
    }
}
