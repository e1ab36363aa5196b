package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Limits;
import coffer.core.NodeId;
import coffer.seal.Names;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/// The rules for names and paths inside a vault (docs/spec/tree.md, "NodeNames").
final class NodeNames {

    private NodeNames() {}

    static String normalize(String name) {
        return isAscii(name) ? name : Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /// `<stem> (<first 8 hex digits of the id>)<.ext>`: the name of a node whose own name is taken.
    static String besides(String name, NodeId id) {
        return withMark(name, id.hex().substring(0, 8));
    }

    /// As [#besides] with the whole id, for when that is taken too.
    static String besidesSurely(String name, NodeId id) {
        return withMark(name, id.hex());
    }

    /// Puts ` (mark)` before the extension and shortens the stem where the whole would be too long.
    static String withMark(String name, String mark) {
        int dot = name.lastIndexOf('.');
        boolean hasExtension = dot > 0 && utf8Length(name.substring(dot)) <= 32;
        String extension = hasExtension ? name.substring(dot) : "";
        String stem = hasExtension ? name.substring(0, dot) : name;
        String suffix = " (" + mark + ")" + extension;
        return shortened(stem, Limits.NAME_BYTES_MAX - utf8Length(suffix)) + suffix;
    }

    /// The longest start of `text`, in whole code points, that has at most `bytesMax` bytes of UTF-8.
    private static String shortened(String text, int bytesMax) {
        int end = 0;
        int bytes = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            bytes += utf8Length(point);
            if (bytes > bytesMax) {
                break;
            }
            end += Character.charCount(point);
        }
        return text.substring(0, end);
    }

    /// The names along an absolute vault path, normalised; empty for the root. Repeated and trailing slashes mean
    /// nothing.
    static List<String> split(String path) throws CofferException {
        if (!path.startsWith("/")) {
            throw new CofferException(ErrorCode.UNSAFE_NAME, "A path in the vault starts with a slash.");
        }
        List<String> names = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            String name = normalize(part);
            if (!Names.isAcceptable(name)) {
                throw new CofferException(ErrorCode.UNSAFE_NAME, "A name in that path cannot be used in a vault.");
            }
            names.add(name);
        }
        if (names.size() > Limits.DEPTH_MAX) {
            throw new CofferException(ErrorCode.LIMIT, "That path is too deep.");
        }
        return names;
    }

    static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static int utf8Length(String text) {
        return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }
}
