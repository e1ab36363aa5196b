package coffer.cli;

import java.util.regex.Pattern;

/// What operators type: ids, numbers and shares.
final class OperatorText {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3})(?:\\.(\\d))?\\s*%");

    private OperatorText() {}

    static String id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new UsageException("An id has lower-case letters, digits and dashes.");
        }
        return text;
    }

    static long number(String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new UsageException("Want a whole number from " + min + " to " + max + ".");
    }

    /// A share such as `1%`, in per-mille.
    static long share(String text) {
        var matcher = PERCENT.matcher(text.strip());
        if (matcher.matches()) {
            long share = 10 * Long.parseLong(matcher.group(1))
                    + (matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2)));
            if (share >= 1 && share <= 1_000) {
                return share;
            }
        }
        throw new UsageException("A share is from 0.1% to 100%.");
    }

    static String percent(long share) {
        return share % 10 == 0 ? share / 10 + " %" : share / 10 + "." + share % 10 + " %";
    }
}
