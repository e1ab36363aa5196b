package coffer.media.mail;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Times as mail writes them: RFC 5322 and its predecessors, the lines between messages of an mbox, and what programs that
/// read none of these made up.
final class MailDate {

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final int YEAR_MIN = 1970;
    private static final int YEAR_MAX = 2100;

    private int day = -1;
    private int month = -1;
    private int year = -1;
    private int hour = -1;
    private int minute;
    private int second;
    private int offsetMinutes;

    private MailDate() {}

    /// The time that the text says; empty if it says none. What is in brackets is not looked at.
    static Optional<Instant> parse(String text) {
        MailDate date = new MailDate();
        String plain = text.length() > 200 ? text.substring(0, 200) : text;
        for (String word : plain.replaceAll("\\([^)]*\\)", " ").split("[\\s,]+", -1)) {
            date.take(word.strip());
        }
        return date.instant();
    }

    private void take(String word) {
        if (word.matches("\\d{4}-\\d{2}-\\d{2}T.*")) {
            take(word.substring(0, 10));
            take(word.substring(11));
        } else if (word.contains(":") && hour < 0) {
            takeTime(word);
        } else if (hour >= 0 && (word.startsWith("+") || word.startsWith("-"))) {
            takeOffset(word);
        } else if (!word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            takeNumber(word);
        } else if (word.matches("\\d{1,2}-[A-Za-z]{3}-\\d{2,4}")) {
            for (String part : word.split("-", -1)) {
                take(part);
            }
        } else if (word.matches("\\d{4}-\\d{2}-\\d{2}")) {
            year = Integer.parseInt(word.substring(0, 4));
            month = Integer.parseInt(word.substring(5, 7));
            day = Integer.parseInt(word.substring(8));
        } else if (word.length() >= 3 && Character.isLetter(word.charAt(0))) {
            takeWord(word.toLowerCase(Locale.ROOT));
        }
    }

    private void takeWord(String word) {
        int known = MONTHS.indexOf(word.substring(0, 3));
        if (known >= 0 && month < 0 && !word.equals("mart")) {
            month = known + 1;
        }
        offsetMinutes = switch (word) {
            case "est", "cdt" -> -300;
            case "edt" -> -240;
            case "cst", "mdt" -> -360;
            case "mst", "pdt" -> -420;
            case "pst" -> -480;
            case "cet", "met", "bst" -> 60;
            case "cest", "mest" -> 120;
            default -> offsetMinutes;
        };
    }

    private void takeNumber(String word) {
        if (word.length() > 4) {
            return;
        }
        int number = Integer.parseInt(word);
        if (day < 0 && word.length() <= 2 && number >= 1 && number <= 31) {
            day = number;
        } else if (year < 0 && word.length() == 4) {
            year = number;
        } else if (year < 0 && month >= 0 && day >= 0 && word.length() <= 3) {
            year = number < 50 ? 2000 + number : 1900 + number;
        }
    }

    private void takeTime(String word) {
        String time = word.endsWith("Z") ? word.substring(0, word.length() - 1) : word;
        int sign = Math.max(time.indexOf('+'), time.indexOf('-'));
        if (sign > 0) {
            takeOffset(time.substring(sign));
            time = time.substring(0, sign);
        }
        String[] parts = time.split("[:.]", -1);
        if (parts.length < 2) {
            return; // the colon was in the offset
        }
        try {
            int hours = Integer.parseInt(parts[0]);
            minute = Integer.parseInt(parts[1]);
            second = parts.length > 2 ? Math.min(59, Integer.parseInt(parts[2])) : 0;
            hour = hours;
        } catch (NumberFormatException e) {
            hour = -1;
        }
    }

    private void takeOffset(String word) {
        String digits = word.substring(1).replace(":", "");
        if (digits.length() == 4 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int minutes = Integer.parseInt(digits.substring(0, 2)) * 60 + Integer.parseInt(digits.substring(2));
            offsetMinutes = minutes > 18 * 60 ? 0 : word.charAt(0) == '-' ? -minutes : minutes;
        }
    }

    private Optional<Instant> instant() {
        if (day < 0 || month < 0 || year < YEAR_MIN || year > YEAR_MAX) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.of(year, month, day, Math.max(0, hour), minute, second);
            return Optional.of(local.toInstant(ZoneOffset.ofTotalSeconds(offsetMinutes * 60)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
