package coffer.core.tlog;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.Hash;
import java.util.Base64;

/// What a log's operator signs: that its tree of `size` entries has this root (c2sp.org/tlog-checkpoint).
///
/// @param origin names the log
public record Checkpoint(String origin, long size, Hash root) {

    /// Lines after the third would be opaque and nobody could audit them.
    private static final int LINES = 3;

    public Checkpoint {
        if (!NoteVerifier.isName(origin) || size < 0) {
            throw new IllegalArgumentException("not a checkpoint");
        }
    }

    /// The text that is signed.
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.toArray()) + "\n";
    }

    public SignedNote sign(NoteSigner signer) {
        return SignedNote.sign(text(), signer);
    }

    /// Reads the text of a note whose signature the caller has verified.
    public static Checkpoint parse(String text) throws CborException {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES + 1 || !lines[LINES].isEmpty() || !NoteVerifier.isName(lines[0])) {
            throw new CborException("a checkpoint has three lines");
        }
        try {
            Hash root = new Hash(Bytes.of(Base64.getDecoder().decode(lines[2])));
            Checkpoint checkpoint = new Checkpoint(lines[0], Long.parseLong(lines[1]), root);
            if (checkpoint.text().equals(text)) {
                return checkpoint;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for another way of writing the same.
        }
        throw new CborException("a checkpoint is not in its only form");
    }

    /// Decodes and verifies a served checkpoint: signed by the log's key, for the log of the key's name.
    public static Checkpoint open(byte[] note, NoteVerifier log) throws CborException, WrongKeyException {
        SignedNote signed = SignedNote.decode(note);
        if (!signed.isSignedBy(log)) {
            throw new WrongKeyException();
        }
        Checkpoint checkpoint = parse(signed.text());
        if (!checkpoint.origin().equals(log.name())) {
            throw new CborException("a checkpoint of another log");
        }
        return checkpoint;
    }

    /// No signature of the key that is trusted.
    public static final class WrongKeyException extends Exception {
        public WrongKeyException() {
            super("a checkpoint is not signed by the log's key");
        }
    }
}
