package coffer.media.mail;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Finds the messages of an mbox file.
///
/// A message begins with a line `From …` that is the first of the file or follows an empty line, and that has a time and a
/// year in it, or nothing but a dash (docs/spec/mail.md, "mbox"). Lines may be of any length; only their starts are held.
final class MboxScanner {

    /// Where one message lies.
    ///
    /// @param start    of its `From ` line
    /// @param body     of the message's first byte
    /// @param end      of the message
    /// @param next     where the empty line after it ends
    /// @param bareFrom whether one of its lines begins with `From ` as it stands
    /// @param quoted   whether one of its lines begins with `>From `, or more of `>`
    record Span(long start, long body, long end, long next, boolean bareFrom, boolean quoted) {

        /// The quoting that can be taken off and put on again without a change.
        FromQuoting quoting(FromQuoting wanted) {
            return bareFrom || !quoted ? FromQuoting.NONE : wanted;
        }
    }

    /// The start of a line, long enough for what is asked of it.
    private static final int START_MAX = 200;

    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private int filled;
    private int at;
    private long offset;

    private final byte[] start = new byte[START_MAX];
    private int startLength;
    private long lineLength;
    private long lineOffset;

    private long messageStart = -1;
    private long messageBody;
    private boolean bareFrom;
    private boolean quoted;
    private boolean previousBlank = true;
    private long blankOffset = -1;

    /// Borrows `in`, which stands at the file's first byte.
    MboxScanner(InputStream in) {
        this.in = in;
    }

    Optional<Span> next() throws IOException {
        while (readLine()) {
            boolean separates = startsWithFrom(0) && previousBlank && isSeparator();
            if (separates && messageStart >= 0) {
                Span span = span(lineOffset);
                begin();
                return Optional.of(span);
            }
            if (separates) {
                begin();
                continue;
            }
            look();
        }
        if (messageStart < 0) {
            return Optional.empty();
        }
        Span last = span(offset);
        messageStart = -1;
        return Optional.of(last);
    }

    private void begin() {
        messageStart = lineOffset;
        messageBody = offset;
        bareFrom = false;
        quoted = false;
        previousBlank = false;
        blankOffset = -1;
    }

    private void look() {
        if (startsWithFrom(0)) {
            bareFrom = true;
        } else if (startLength > 0 && start[0] == '>') {
            quoted |= isQuotedFrom();
        }
        boolean blank = isBlank();
        previousBlank = blank;
        blankOffset = blank ? lineOffset : -1;
    }

    private Span span(long next) {
        long end = blankOffset >= messageBody && blankOffset >= 0 ? blankOffset : next;
        return new Span(messageStart, messageBody, end, next, bareFrom, quoted);
    }

    private boolean isBlank() {
        return (lineLength == 1 && start[0] == '\n') || (lineLength == 2 && start[0] == '\r' && start[1] == '\n');
    }

    private boolean startsWithFrom(int index) {
        return startLength >= index + 5
                && start[index] == 'F'
                && start[index + 1] == 'r'
                && start[index + 2] == 'o'
                && start[index + 3] == 'm'
                && start[index + 4] == ' ';
    }

    /// More marks than are held count as quoting: then nothing is taken off, and the message stays as it stands.
    private boolean isQuotedFrom() {
        int marks = 0;
        while (marks < startLength && start[marks] == '>') {
            marks++;
        }
        if (marks + 5 > START_MAX) {
            bareFrom = true;
            return false;
        }
        return startsWithFrom(marks);
    }

    /// Whether the line could stand between messages: text of a letter that begins with "From " has no time and year as a rule.
    private boolean isSeparator() {
        int length = startLength;
        while (length > 0 && (start[length - 1] == '\n' || start[length - 1] == '\r' || start[length - 1] == ' ')) {
            length--;
        }
        if (length <= 4 || (length == 6 && start[5] == '-')) {
            return true;
        }
        return hasTime(length) && hasYear(length);
    }

    private boolean hasTime(int length) {
        for (int i = 6; i + 2 < length; i++) {
            if (start[i] == ':' && isDigit(i - 1) && isDigit(i + 1) && isDigit(i + 2)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasYear(int length) {
        for (int i = 5; i + 4 <= length; i++) {
            boolean alone = !isDigit(i - 1) && (i + 4 == length || !isDigit(i + 4));
            boolean century = (start[i] == '1' && start[i + 1] == '9') || (start[i] == '2' && start[i + 1] == '0');
            if (alone && century && isDigit(i + 2) && isDigit(i + 3)) {
                return true;
            }
        }
        return false;
    }

    private boolean isDigit(int index) {
        return start[index] >= '0' && start[index] <= '9';
    }

    private boolean readLine() throws IOException {
        startLength = 0;
        lineLength = 0;
        lineOffset = offset;
        while (true) {
            if (at == filled) {
                filled = in.read(buffer);
                at = 0;
                if (filled <= 0) {
                    filled = 0;
                    return lineLength > 0;
                }
            }
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            boolean whole = end < filled;
            int count = (whole ? end + 1 : end) - at;
            int kept = Math.min(count, START_MAX - startLength);
            System.arraycopy(buffer, at, start, startLength, kept);
            startLength += kept;
            lineLength += count;
            offset += count;
            at += count;
            if (whole) {
                return true;
            }
        }
    }
}
