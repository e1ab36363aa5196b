package coffer.agent;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One range of bytes that a request asks for (RFC 9110, section 14), within the content.
///
/// @param to exclusive; not above `from` where the range has nothing of the content
record ByteRange(long from, long to) {

    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    boolean isEmpty() {
        return to <= from;
    }

    long length() {
        return Math.max(0, to - from);
    }

    /// Empty if the request asks for the whole, for several ranges, or for what cannot be understood: all of these are
    /// answered with the whole.
    static Optional<ByteRange> of(@Nullable String header, long size) {
        Matcher match = ONE.matcher(header == null ? "" : header.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        String first = match.group(1);
        String last = match.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? Optional.empty() : Optional.of(new ByteRange(Math.max(0, size - Long.parseLong(last)), size));
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
        if (!last.isEmpty() && Long.parseLong(last) < from) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(from, to));
    }
}
