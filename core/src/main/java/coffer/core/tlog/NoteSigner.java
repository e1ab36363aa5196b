package coffer.core.tlog;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.SigningKey;
import java.util.Arrays;
import java.util.Base64;

/// Signs notes under a name. The key signs nothing but notes. Closing zeroes it.
///
/// Written `PRIVATE+KEY+name+id+seed`, as golang.org/x/mod/sumdb/note has it: in base64 the algorithm's byte and the seed.
public final class NoteSigner implements AutoCloseable {

    private static final String PREFIX = "PRIVATE+KEY+";
    private static final int TEXT_MAX = 512;

    private final SigningKey key;
    private final NoteVerifier verifier;

    private NoteSigner(SigningKey key, NoteVerifier verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    /// Copies `seed`; the caller zeroes its own.
    public static NoteSigner ofSeed(String name, byte[] seed) {
        SigningKey key = SigningKey.ofSeed(seed);
        return new NoteSigner(key, new NoteVerifier(name, key.verifyKey()));
    }

    public NoteVerifier verifier() {
        return verifier;
    }

    Bytes sign(byte[] text) {
        return key.signNote(text);
    }

    /// The secret text of a key; for an owner-only file.
    public static String secretText(String name, byte[] seed) {
        byte[] encoded = new byte[1 + SigningKey.SEED_SIZE];
        encoded[0] = NoteVerifier.ED25519;
        System.arraycopy(seed, 0, encoded, 1, SigningKey.SEED_SIZE);
        try (NoteSigner signer = ofSeed(name, seed)) {
            return PREFIX + name + "+" + signer.verifier.keyId().hex() + "+" + Base64.getEncoder().encodeToString(encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /// Parses what [#secretText] makes, and nothing else.
    public static NoteSigner parse(String text) throws CborException {
        String[] parts = text.startsWith(PREFIX) ? text.substring(PREFIX.length()).split("\\+", 3) : new String[0];
        if (text.length() > TEXT_MAX || parts.length != 3 || !NoteVerifier.isName(parts[0])) {
            throw new CborException("not the secret text of a note's key");
        }
        byte[] encoded;
        try {
            encoded = Base64.getDecoder().decode(parts[2]);
        } catch (IllegalArgumentException e) {
            throw new CborException("not the secret text of a note's key");
        }
        try {
            if (encoded.length != 1 + SigningKey.SEED_SIZE || encoded[0] != NoteVerifier.ED25519) {
                throw new CborException("a note's key of another algorithm");
            }
            byte[] seed = Arrays.copyOfRange(encoded, 1, encoded.length);
            boolean same = secretText(parts[0], seed).equals(text);
            NoteSigner signer = ofSeed(parts[0], seed);
            Arrays.fill(seed, (byte) 0);
            if (!same) {
                signer.close();
                throw new CborException("a note's key under another id");
            }
            return signer;
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
