package coffer.seal;

import coffer.core.Limits;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/// What may stand as a name in a vault: Unicode in form NFC, 1 to 255 bytes of UTF-8, no `/`, no NUL, not `.` or `..`.
///
/// Whether a platform can hold the name is another question, answered where files are written.
public final class Names {

    private Names() {}

    public static boolean isAcceptable(String name) {
        return isText(name, Limits.NAME_BYTES_MAX)
                && name.indexOf('/') < 0
                && !name.equals(".")
                && !name.equals("..")
                && Normalizer.isNormalized(name, Normalizer.Form.NFC);
    }

    /// Names of devices and vaults, and targets of links: any text without NUL.
    static boolean isText(String text, int bytesMax) {
        return !text.isEmpty()
                && text.length() <= bytesMax
                && text.indexOf('\0') < 0
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.getBytes(StandardCharsets.UTF_8).length <= bytesMax;
    }
}
