package coffer.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `Content-Range` of a 206 answer (RFC 9110 section 14.4).
record ContentRange(long first, long last, long total) {

    private static final Pattern FORM = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    static ContentRange parse(String header) throws StoreCorrupt {
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            throw new StoreCorrupt("the answer does not say which range it is");
        }
        return new ContentRange(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
    }

    /// Requires this to be `asked` and returns the size of the whole object.
    long requireAsked(ByteRange asked) throws StoreException {
        if (asked.end() > total && first == asked.offset() && last == total - 1) {
            // The protocol cuts a range at the end of the object; our contract refuses it.
            throw new StoreRefused(StoreRefused.Reason.RANGE);
        }
        if (first != asked.offset() || last != asked.end() - 1 || asked.end() > total) {
            throw new StoreCorrupt("the answer is another range than was asked for");
        }
        return total;
    }
}
