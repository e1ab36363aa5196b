package coffer.core.tlog;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.Hash;
import coffer.core.VerifyKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Whose signature on a note counts: a name and an Ed25519 key (c2sp.org/signed-note). Written `name+id+key`: the name, the
/// key id in hex, and in base64 the algorithm's byte and the public key.
public record NoteVerifier(String name, VerifyKey key) {

    /// The algorithm's byte for plain Ed25519.
    static final byte ED25519 = 1;

    public static final int NAME_BYTES_MAX = 255;
    private static final int TEXT_MAX = 512;

    public NoteVerifier {
        if (!isName(name)) {
            throw new IllegalArgumentException("not a name of a note's key");
        }
    }

    /// Names are not empty and have neither white space, plus signs nor control characters.
    static boolean isName(String name) {
        boolean plain = name.codePoints()
                .noneMatch(c -> c == '+' || Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c));
        int size = name.getBytes(StandardCharsets.UTF_8).length;
        return plain && size > 0 && size <= NAME_BYTES_MAX;
    }

    /// Four bytes that stand before each signature, to find the key it is for.
    public Bytes keyId() {
        ByteArrayOutputStream named = new ByteArrayOutputStream();
        named.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        named.write('\n');
        named.writeBytes(encodedKey());
        return Bytes.of(Hash.of(named.toByteArray()).toArray(), 0, SignedNote.KEY_ID_SIZE);
    }

    private byte[] encodedKey() {
        byte[] encoded = new byte[1 + VerifyKey.SIZE];
        encoded[0] = ED25519;
        System.arraycopy(key.value().toArray(), 0, encoded, 1, VerifyKey.SIZE);
        return encoded;
    }

    /// The one text of this key.
    public String text() {
        return name + "+" + keyId().hex() + "+" + Base64.getEncoder().encodeToString(encodedKey());
    }

    /// Parses what [#text] makes, and nothing else.
    public static NoteVerifier parse(String text) throws CborException {
        String[] parts = text.split("\\+", 3);
        if (text.length() > TEXT_MAX || parts.length != 3 || !isName(parts[0])) {
            throw new CborException("not the text of a note's key");
        }
        byte[] encoded;
        try {
            encoded = Base64.getDecoder().decode(parts[2]);
        } catch (IllegalArgumentException e) {
            throw new CborException("not the text of a note's key");
        }
        if (encoded.length != 1 + VerifyKey.SIZE || encoded[0] != ED25519) {
            throw new CborException("a note's key of another algorithm");
        }
        Bytes key = Bytes.of(Arrays.copyOfRange(encoded, 1, encoded.length));
        if (!VerifyKey.isAcceptable(key)) {
            throw new CborException("not an acceptable Ed25519 public key");
        }
        NoteVerifier verifier = new NoteVerifier(parts[0], new VerifyKey(key));
        // Also compares the id, which is made from the rest.
        if (!verifier.text().equals(text)) {
            throw new CborException("a note's key under another id");
        }
        return verifier;
    }

    @Override
    public String toString() {
        return text();
    }
}
