package coffer.cli;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/// Values as people read them.
final class Shown {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Shown() {}

    /// A name or path with nothing in it that could move a cursor, break a line or reverse the direction of text: such
    /// characters, and the backslash itself, are written as Java would write them, so that no two names look the same.
    static String name(String name) {
        int clean = 0;
        while (clean < name.length() && isPlain(name.charAt(clean))) {
            clean++;
        }
        if (clean == name.length()) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length() + 8).append(name, 0, clean);
        for (int i = clean; i < name.length(); ) {
            int c = name.codePointAt(i);
            escape(c, out);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '\\';
    }

    private static void escape(int c, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
                if (acts(c)) {
                    out.append("\\u{").append(Integer.toHexString(c)).append('}');
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private static boolean acts(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> !joinsEmoji(c);
            default -> false;
        };
    }

    /// The joiner within families and flags of emoji, and within Persian and Indic words.
    private static boolean joinsEmoji(int c) {
        return c == 0x200d || c == 0x200c;
    }

    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        long tenths = bytes;
        int unit = 0;
        // In tenths of the unit, so that 1,950 is 2.0 kB and not 1.9.
        long divisor = 1;
        while (unit < UNITS.length - 1 && Math.round(tenths / (double) divisor) >= 1000) {
            divisor *= 1000;
            unit++;
        }
        double value = bytes / (double) divisor;
        long rounded = Math.round(value * 10);
        return rounded >= 1000 ? Math.round(value) + " " + UNITS[unit] : rounded / 10 + "." + rounded % 10 + " " + UNITS[unit];
    }

    /// `1 file`, `2 files`.
    static String count(long count, String one) {
        return grouped(count) + " " + one + (count == 1 ? "" : "s");
    }

    static String count(long count, String one, String many) {
        return grouped(count) + " " + (count == 1 ? one : many);
    }

    private static String grouped(long count) {
        String digits = Long.toString(count);
        StringBuilder out = new StringBuilder(digits);
        for (int i = digits.length() - 3; i > (count < 0 ? 1 : 0); i -= 3) {
            out.insert(i, ',');
        }
        return out.toString();
    }

    /// To the minute, in the person's own zone.
    static String time(Instant time, ZoneId zone) {
        LocalDateTime local = LocalDateTime.ofInstant(time, zone);
        StringBuilder out = new StringBuilder(16);
        out.append(local.getYear()).append('-');
        two(local.getMonthValue(), out);
        out.append('-');
        two(local.getDayOfMonth(), out);
        out.append(' ');
        two(local.getHour(), out);
        out.append(':');
        two(local.getMinute(), out);
        return out.toString();
    }

    private static void two(int number, StringBuilder out) {
        if (number < 10) {
            out.append('0');
        }
        out.append(number);
    }

    /// The beginning of an id, enough to tell a few apart.
    static String id(String id) {
        return id.length() <= 12 ? id : id.substring(0, 12);
    }

    static String duration(long seconds) {
        StringBuilder out = new StringBuilder();
        if (seconds >= 3600) {
            out.append(seconds / 3600).append(':');
            two((int) (seconds / 60 % 60), out);
        } else {
            out.append(seconds / 60);
        }
        out.append(':');
        two((int) (seconds % 60), out);
        return out.toString();
    }
}
