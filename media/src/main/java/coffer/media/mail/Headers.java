package coffer.media.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;

/// The fields before a message's first empty line, however they are written.
///
/// @param fields in their order
public record Headers(List<Field> fields) {

    /// What is read of a message for them, and how many fields are kept.
    public static final int SIZE_MAX = 256 << 10;

    private static final int FIELDS_MAX = 2_000;

    /// What old programs mean when they do not say; it gives every byte a character.
    private static final Charset FALLBACK = Charset.forName("windows-1252");

    /// @param name  as written
    /// @param value in one line, not decoded
    public record Field(String name, String value) {}

    public Headers {
        fields = List.copyOf(fields);
    }

    /// Reads the start of a message. A line that is no field is left out, and so is everything after the limit.
    public static Headers read(byte[] message, int length) {
        List<Field> fields = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        int at = 0;
        while (at < length && fields.size() + 1 < FIELDS_MAX) {
            int end = at;
            while (end < length && message[end] != '\n') {
                end++;
            }
            int last = end > at && message[end - 1] == '\r' ? end - 1 : end;
            if (last == at) {
                break;
            }
            boolean continues = message[at] == ' ' || message[at] == '\t';
            if (!continues) {
                close(open, fields);
            }
            open.append(continues && open.isEmpty() ? "" : text(message, at, last - at));
            at = end + 1;
        }
        close(open, fields);
        return new Headers(fields);
    }

    private static void close(StringBuilder open, List<Field> fields) {
        int colon = open.indexOf(":");
        if (colon > 0) {
            String name = open.substring(0, colon).strip();
            if (isName(name)) {
                fields.add(new Field(name, open.substring(colon + 1).strip()));
            }
        }
        open.setLength(0);
    }

    static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= 200 && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
    }

    /// Bytes as UTF-8 where they are, else as what old programs meant.
    static String text(byte[] bytes, int offset, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, offset, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, offset, length, FALLBACK);
        }
    }

    /// The first field of that name, not decoded.
    public Optional<String> raw(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /// The first field of that name, decoded.
    public Optional<String> text(String name) {
        return raw(name).map(Headers::decoded);
    }

    /// A value with its encoded words (RFC 2047) as text. What cannot be decoded stays as it is.
    public static String decoded(String value) {
        if (!value.contains("=?")) {
            return clean(value);
        }
        try {
            return clean(DecoderUtil.decodeEncodedWords(value, DecodeMonitor.SILENT, FALLBACK));
        } catch (RuntimeException e) {
            return clean(value);
        }
    }

    /// One line of valid text.
    private static String clean(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c < ' ' || c == 0x7f ? ' ' : Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
                .forEach(out::appendCodePoint);
        return out.toString().strip();
    }

    /// Whether the first line of a file is a field, and one of mail among the first.
    static boolean look(byte[] start, int length) {
        Headers headers = read(start, length);
        int colon = 0;
        while (colon < length && start[colon] != ':' && start[colon] != '\n') {
            colon++;
        }
        boolean beginsWithField = colon < length
                && start[colon] == ':'
                && isName(new String(start, 0, colon, StandardCharsets.ISO_8859_1));
        return beginsWithField && headers.fields().stream().anyMatch(field -> isOfMail(field.name()));
    }

    private static boolean isOfMail(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "received", "return-path", "message-id", "mime-version", "delivered-to", "from", "x-mozilla-status" -> true;
            default -> false;
        };
    }
}
