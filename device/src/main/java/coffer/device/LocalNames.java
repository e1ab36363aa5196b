package coffer.device;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.io.ByteArrayOutputStream;
import java.net.URI;

/// Names of local files as text, and back, without loss.
///
/// A file system holds bytes, a vault holds Unicode. A name that is not valid UTF-8 has each wrong byte `b` written as the
/// private character U+EF00 + b; so that this can be undone, a name that has such characters itself has their bytes
/// written the same way (docs/spec/tree.md, "Names that are not text").
final class LocalNames {

    private static final char ESCAPE_FIRST = '\uef80';
    private static final char ESCAPE_LAST = '\uefff';
    private static final int ESCAPE_BASE = 0xef00;
    private static final char REPLACEMENT = '\ufffd';

    private LocalNames() {}

    /// The last name of a path as text; may not be what a vault can hold yet ([NodeNames#normalize]).
    static String of(Path path) {
        Path last = path.getFileName();
        if (last == null) {
            return "";
        }
        String name = last.toString();
        return needsBytes(name) ? escape(rawName(path)) : name;
    }

    /// Whether a name in a vault stands for bytes that are no text.
    static boolean isEscaped(String name) {
        return name.chars().anyMatch(c -> c >= ESCAPE_FIRST && c <= ESCAPE_LAST);
    }

    /// The file of that name in a folder, with escaped bytes restored.
    static Path resolve(Path folder, String name) {
        if (!isEscaped(name)) {
            return folder.resolve(name);
        }
        String uri = folder.toUri().getRawPath();
        StringBuilder raw = new StringBuilder(uri.endsWith("/") ? uri : uri + "/");
        for (byte b : unescape(name)) {
            raw.append('%').append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return Path.of(URI.create("file://" + raw));
    }

    private static boolean needsBytes(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == REPLACEMENT || (c >= ESCAPE_FIRST && c <= ESCAPE_LAST)) {
                return true;
            }
        }
        return false;
    }

    /// The bytes of a path's last name: a path keeps them, and its URI shows them.
    private static byte[] rawName(Path path) {
        String raw = path.toAbsolutePath().toUri().getRawPath();
        int end = raw.endsWith("/") && raw.length() > 1 ? raw.length() - 1 : raw.length();
        String last = raw.substring(raw.lastIndexOf('/', end - 1) + 1, end);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < last.length(); i++) {
            if (last.charAt(i) == '%') {
                bytes.write(Integer.parseInt(last, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(last.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    static String escape(byte[] name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(name);
        CharBuffer out = CharBuffer.allocate(name.length * 2 + 2);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                break;
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE_BASE + (in.get() & 0xff)));
            }
            decoder.reset();
        }
        return escapeEscapes(out.flip().toString(), name);
    }

    /// Characters of the escaping range that were in the name itself stand for their three bytes.
    private static String escapeEscapes(String decoded, byte[] name) {
        if (StandardCharsets.UTF_8.newEncoder().canEncode(decoded)
                && java.util.Arrays.equals(unescape(decoded), name)) {
            return decoded;
        }
        return escapeAll(name);
    }

    /// Every byte above 0x7f by itself: always reversible.
    private static String escapeAll(byte[] name) {
        StringBuilder out = new StringBuilder(name.length);
        for (byte b : name) {
            out.append(b >= 0 ? (char) b : (char) (ESCAPE_BASE + (b & 0xff)));
        }
        return out.toString();
    }

    static byte[] unescape(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length() + 8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= ESCAPE_FIRST && c <= ESCAPE_LAST) {
                bytes.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
                text.setLength(0);
                bytes.write(c - ESCAPE_BASE);
            } else {
                text.append(c);
            }
        }
        bytes.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
