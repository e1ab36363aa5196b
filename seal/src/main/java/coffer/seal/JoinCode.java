package coffer.seal;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// The one-time code by which a new device joins: 130 random bits as 26 base32 characters, entered by a person.
///
/// Both devices derive from it the mailbox in which they meet and the keys that authenticate and seal their messages.
/// 130 bits leave nothing to guess, so nothing else is needed against a service that reads and changes every message.
/// Close it when done.
public final class JoinCode implements AutoCloseable {

    public static final int LENGTH = 26;

    private static final int BITS_PER_CHARACTER = 5;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final byte[] EXTRACT_SALT = "coffer/join-code/v1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] characters;
    private final Secret secret;

    private JoinCode(byte[] characters) {
        this.characters = characters;
        byte[] extracted = Hkdf.extractSha256(EXTRACT_SALT, characters);
        this.secret = Secret.of(extracted);
        Arrays.fill(extracted, (byte) 0);
    }

    public static JoinCode generate(RandomSource random) {
        byte[] characters = random.bytes(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            characters[i] = (byte) ALPHABET.charAt(characters[i] & (1 << BITS_PER_CHARACTER) - 1);
        }
        return new JoinCode(characters);
    }

    /// Reads a code in either case, with spaces or hyphens anywhere; 0, 1 and 8 are read as o, l and b.
    public static JoinCode parse(String text) throws CofferException {
        byte[] characters = new byte[LENGTH];
        int count = 0;
        for (char raw : text.toLowerCase(Locale.ROOT).toCharArray()) {
            if (raw == '-' || Character.isWhitespace(raw)) {
                continue;
            }
            char read = likeliest(raw);
            if (count == LENGTH || ALPHABET.indexOf(read) < 0) {
                throw refused();
            }
            characters[count++] = (byte) read;
        }
        if (count != LENGTH) {
            throw refused();
        }
        return new JoinCode(characters);
    }

    /// The code for a person: groups of characters with hyphens.
    public String text() {
        StringBuilder text = new StringBuilder(LENGTH + 6);
        for (int i = 0; i < LENGTH; i++) {
            if (i > 0 && i % 4 == 0 && i < LENGTH - 2) {
                text.append('-');
            }
            text.append((char) characters[i]);
        }
        return text.toString();
    }

    /// The 32-byte id of the mailbox.
    public Bytes mailboxId() {
        return Bytes.of(secret.expand(Label.JOIN_MAILBOX, KeyContext.constant(), Secret.SIZE));
    }

    /// The key that authenticates messages; the caller closes it.
    public Secret macKey() {
        return secret.derive(Label.JOIN_MAC, KeyContext.constant());
    }

    /// The key that seals messages, by [Label#JOIN_SEAL]; the caller closes it.
    public Secret sealKey() {
        return secret.derive(Label.JOIN_SEAL, KeyContext.constant());
    }

    @Override
    public void close() {
        Arrays.fill(characters, (byte) 0);
        secret.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }

    private static char likeliest(char read) {
        return switch (read) {
            case '0' -> 'o';
            case '1' -> 'l';
            case '8' -> 'b';
            default -> read;
        };
    }

    private static CofferException refused() {
        return new CofferException(ErrorCode.ENROLMENT, "a joining code has 26 letters and digits 2 to 7");
    }
}
