package coffer.media.mail;

import coffer.media.ContentStream;
import coffer.media.Text;
import coffer.media.mail.Message.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.apache.james.mime4j.util.CharsetUtil;

/// Takes a message apart, one part after the other, in memory that does not grow with it.
///
/// Mail is often broken, and some of it on purpose: what breaks a rule is shown as far as it goes, and what exceeds a limit is cut
/// off there.
public final class MessageReader {

    /// Containers within containers; honest mail has five.
    private static final int DEPTH_MAX = 24;

    private static final int PARTS_MAX = 1_000;
    private static final int TEXT_MAX = 2 << 20;
    private static final int LINE_MAX = 1 << 20;

    private static final MimeConfig LIMITS = new MimeConfig.Builder()
            .setMaxLineLen(LINE_MAX)
            .setMaxHeaderCount(2_000)
            .setMaxHeaderLen(Headers.SIZE_MAX)
            .setMalformedHeaderStartsBody(false)
            .build();

    private final InputStream in;
    private final Map<Integer, ? extends OutputStream> wanted;

    private final List<Part> parts = new ArrayList<>();
    private String text = "";
    private String html = "";
    private int found;

    // Of the entity that is being read:
    private String disposition = "";
    private String contentId = "";
    private String name = "";

    private MessageReader(InputStream in, Map<Integer, ? extends OutputStream> wanted) {
        this.in = in;
        this.wanted = wanted;
    }

    /// Reads a message and closes it.
    public static Message read(InputStream in, Headers headers) throws IOException {
        try (in) {
            MessageReader reader = new MessageReader(in, Map.of());
            boolean whole = reader.walk();
            return new Message(headers.fields(), reader.text, reader.html, reader.parts, whole);
        }
    }

    /// Writes the decoded bytes of parts to where each of them is wanted; false if one of them is not there.
    public static boolean parts(InputStream in, Map<Integer, ? extends OutputStream> wanted) throws IOException {
        try (in) {
            MessageReader reader = new MessageReader(in, wanted);
            reader.walk();
            return reader.found == wanted.size();
        }
    }

    /// Returns whether the message was read to its end.
    private boolean walk() throws IOException {
        MimeTokenStream tokens = new MimeTokenStream(LIMITS);
        tokens.setRecursionMode(RecursionMode.M_RECURSE);
        tokens.parse(in);
        int depth = 0;
        try {
            for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
                switch (state) {
                    case T_START_MULTIPART, T_START_MESSAGE -> depth++;
                    case T_END_MULTIPART, T_END_MESSAGE -> depth--;
                    case T_START_HEADER -> forget();
                    case T_FIELD -> field(tokens.getField());
                    case T_BODY -> body(tokens);
                    default -> {
                        // preambles and ends say nothing
                    }
                }
                if (depth > DEPTH_MAX || parts.size() >= PARTS_MAX || (found > 0 && found == wanted.size())) {
                    return false;
                }
            }
            return true;
        } catch (ContentStream.Failure e) {
            throw e;
        } catch (MimeException | IOException | RuntimeException e) {
            return false;
        }
    }

    private void forget() {
        disposition = "";
        contentId = "";
        name = "";
    }

    private void field(Field field) {
        String value = Headers.text(field.getRaw().toByteArray(), 0, field.getRaw().length());
        value = value.substring(Math.min(value.length(), value.indexOf(':') + 1)).replaceAll("[\\r\\n]", " ").strip();
        switch (field.getName().toLowerCase(Locale.ROOT)) {
            case "content-disposition" -> {
                disposition = value.toLowerCase(Locale.ROOT);
                Parameters.find(value, "filename").ifPresent(file -> name = file);
            }
            case "content-type" -> {
                if (name.isEmpty()) {
                    Parameters.find(value, "name").ifPresent(file -> name = file);
                }
            }
            case "content-id" -> contentId = Text.cut(value.replaceAll("[<>\\s]", ""), MailHead.ID_MAX);
            default -> {
                // says nothing of the part
            }
        }
    }

    private void body(MimeTokenStream tokens) throws IOException {
        BodyDescriptor descriptor = tokens.getBodyDescriptor();
        String type = Text.cut(Optional.ofNullable(descriptor.getMimeType()).orElse("application/octet-stream"), 100)
                .toLowerCase(Locale.ROOT);
        int index = parts.size();
        boolean attached = disposition.startsWith("attachment");
        boolean asText = !attached && type.equals("text/plain") && text.isEmpty();
        boolean asHtml = !attached && type.equals("text/html") && html.isEmpty();
        boolean kept = asText || asHtml;
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        long size = 0;
        OutputStream out = wanted.get(index);
        try (InputStream content = tokens.getDecodedInputStream()) {
            byte[] buffer = new byte[16 << 10];
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                size += count;
                if (kept && start.size() < TEXT_MAX) {
                    start.write(buffer, 0, Math.min(count, TEXT_MAX - start.size()));
                }
                if (out != null) {
                    out.write(buffer, 0, count);
                }
            }
        } finally {
            found += out == null ? 0 : 1;
            String shown = kept ? decoded(start.toByteArray(), descriptor.getCharset()) : "";
            text = asText ? shown : text;
            html = asHtml ? shown : html;
            boolean inPlace = kept || (!contentId.isEmpty() && type.startsWith("image/"));
            parts.add(new Part(index, type, Text.cut(name, 500), contentId, size, attached || !inPlace));
        }
    }

    /// In the charset that is named if it can be; text that says it is ASCII and is not is read as people mean it.
    private static String decoded(byte[] bytes, String charset) {
        Charset named = charset == null ? null : CharsetUtil.lookup(charset);
        if (named == null || named.equals(StandardCharsets.US_ASCII) || named.equals(StandardCharsets.UTF_8)) {
            return Headers.text(bytes, 0, bytes.length);
        }
        return new String(bytes, named);
    }

    /// Parameters of a header (RFC 2045, RFC 2231), as far as names of files need them.
    static final class Parameters {

        private Parameters() {}

        static Optional<String> find(String value, String name) {
            Map<String, String> all = all(value);
            String whole = all.get(name);
            String single = all.get(name + "*");
            if (single != null) {
                return Optional.of(extended(single));
            }
            StringBuilder joined = new StringBuilder();
            boolean encoded = all.containsKey(name + "*0*");
            for (int i = 0; i < 100; i++) {
                String plain = all.get(name + "*" + i);
                String piece = plain == null ? all.get(name + "*" + i + "*") : plain;
                if (piece == null) {
                    break;
                }
                joined.append(piece);
            }
            if (!joined.isEmpty()) {
                return Optional.of(encoded ? extended(joined.toString()) : joined.toString());
            }
            return Optional.ofNullable(whole).map(Headers::decoded);
        }

        private static Map<String, String> all(String value) {
            Map<String, String> all = new java.util.LinkedHashMap<>();
            int at = value.indexOf(';');
            while (at >= 0 && at < value.length() && all.size() < 100) {
                int equals = value.indexOf('=', at);
                if (equals < 0) {
                    break;
                }
                String name = value.substring(at + 1, equals).replace(';', ' ').strip().toLowerCase(Locale.ROOT);
                StringBuilder content = new StringBuilder();
                int i = equals + 1;
                while (i < value.length() && value.charAt(i) == ' ') {
                    i++;
                }
                boolean quoted = i < value.length() && value.charAt(i) == '"';
                for (i += quoted ? 1 : 0; i < value.length(); i++) {
                    char c = value.charAt(i);
                    if (quoted ? c == '"' : c == ';') {
                        break;
                    }
                    if (quoted && c == '\\' && i + 1 < value.length()) {
                        c = value.charAt(++i);
                    }
                    content.append(c);
                }
                all.putIfAbsent(name, quoted ? content.toString() : content.toString().strip());
                at = value.indexOf(';', i);
            }
            return all;
        }

        /// `charset'language'percent-encoded`
        private static String extended(String value) {
            String[] pieces = value.split("'", 3);
            String charset = pieces.length == 3 ? pieces[0] : "utf-8";
            String text = pieces.length == 3 ? pieces[2] : value;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '%' && i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2))) {
                    bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                } else {
                    bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                }
            }
            return decoded(bytes.toByteArray(), charset);
        }

        private static boolean isHex(char c) {
            return Character.digit(c, 16) >= 0 && c < 0x80;
        }
    }
}
