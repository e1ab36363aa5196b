package coffer.core.tlog;

import coffer.core.Bytes;
import coffer.core.CborException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A text with signatures (c2sp.org/signed-note). The text says nothing until a known key's signature is verified:
/// [#isSignedBy].
///
/// @param text       ends in a newline, which is part of it
/// @param signatures at least one
public record SignedNote(String text, List<Signature> signatures) {

    static final int KEY_ID_SIZE = 4;

    /// More than witnesses will ever add; the specification wants 16 at least.
    public static final int SIGNATURES_MAX = 64;

    /// Room for that many signatures of any algorithm.
    public static final int NOTE_BYTES_MAX = 512 << 10;

    private static final String DASH = "\u2014 ";

    /// One signature line.
    ///
    /// @param bytes the key id, then what the algorithm makes
    public record Signature(String name, Bytes bytes) {

        public Bytes keyId() {
            return Bytes.of(bytes.toArray(), 0, KEY_ID_SIZE);
        }

        private String line() {
            return DASH + name + " " + Base64.getEncoder().encodeToString(bytes.toArray()) + "\n";
        }
    }

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    public static SignedNote sign(String text, NoteSigner signer) {
        ByteArrayOutputStream signature = new ByteArrayOutputStream();
        signature.writeBytes(signer.verifier().keyId().toArray());
        signature.writeBytes(signer.sign(text.getBytes(StandardCharsets.UTF_8)).toArray());
        return new SignedNote(
                text, List.of(new Signature(signer.verifier().name(), Bytes.of(signature.toByteArray()))));
    }

    public byte[] encode() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Decodes strictly; verifies nothing.
    public static SignedNote decode(byte[] note) throws CborException {
        String all = utf8(note);
        if (all.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new CborException("a note has no control characters");
        }
        int blank = all.lastIndexOf("\n\n");
        if (blank < 0 || !all.endsWith("\n")) {
            throw new CborException("a note has a text, an empty line and signatures");
        }
        String text = all.substring(0, blank + 1);
        String rest = all.substring(blank + 2);
        if (rest.isEmpty()) {
            throw new CborException("a note is signed");
        }
        String[] lines = rest.substring(0, rest.length() - 1).split("\n", -1);
        if (lines.length > SIGNATURES_MAX) {
            throw new CborException("a note has too many signatures");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : lines) {
            signatures.add(signature(line));
        }
        return new SignedNote(text, signatures);
    }

    private static String utf8(byte[] note) throws CborException {
        if (note.length > NOTE_BYTES_MAX) {
            throw new CborException("too long");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(note))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CborException("invalid UTF-8");
        }
    }

    private static Signature signature(String line) throws CborException {
        int space = line.lastIndexOf(' ');
        if (!line.startsWith(DASH) || space < DASH.length()) {
            throw new CborException("not a signature line");
        }
        String name = line.substring(DASH.length(), space);
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(line.substring(space + 1));
        } catch (IllegalArgumentException e) {
            throw new CborException("a signature is not base64");
        }
        Signature signature = new Signature(name, Bytes.of(bytes));
        boolean canonical = signature.line().equals(line + "\n");
        if (!NoteVerifier.isName(name) || bytes.length <= KEY_ID_SIZE || !canonical) {
            throw new CborException("not a signature line");
        }
        return signature;
    }

    /// Whether the key signed the text: every signature that names it must verify, and there must be one. Others are
    /// passed over, as the specification demands: witnesses may add theirs.
    public boolean isSignedBy(NoteVerifier verifier) {
        Bytes id = verifier.keyId();
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (Signature signature : signatures) {
            if (signature.name().equals(verifier.name()) && signature.keyId().equals(id)) {
                byte[] bytes = signature.bytes().toArray();
                found = verifier.key().verifyNote(signed, Bytes.of(bytes, KEY_ID_SIZE, bytes.length - KEY_ID_SIZE));
                if (!found) {
                    return false;
                }
            }
        }
        return found;
    }
}
