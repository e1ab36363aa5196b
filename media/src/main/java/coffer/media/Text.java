package coffer.media;

import java.nio.charset.StandardCharsets;

/// Text from outside, made to fit what keeps it.
public final class Text {

    private Text() {}

    /// The longest start of `text`, in whole code points, that has at most `bytesMax` bytes of UTF-8; a lone surrogate becomes
    /// the character that stands for one.
    public static String cut(String text, int bytesMax) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), bytesMax));
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            int valid = Character.getType(c) == Character.SURROGATE ? 0xfffd : c;
            bytes += valid < 0x80 ? 1 : valid < 0x800 ? 2 : valid < 0x10000 ? 3 : 4;
            if (bytes > bytesMax) {
                break;
            }
            out.appendCodePoint(valid);
        }
        return out.toString();
    }

    public static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
