package coffer.seal;

import coffer.core.Limits;
import java.util.Arrays;

/// The one construction under which everything secret is stored: c2sp.org/chunked-encryption@v1 (Cobblestone-256)
/// with context `LP(label) || context` (docs/spec/sealing.md).
///
/// What is sealed opens only with the same key, the same label and the same context; anything else, and every altered,
/// cut, extended or reordered byte, is the same [OpenException]. Key and context are committed to, so no sealed
/// message opens in two ways. Sizes are not hidden; callers pad ([Padme]). Replay of a whole message into the same
/// place is not noticed here; contexts that name the place and the signed logs are what prevents it.
///
/// All methods are safe for all threads and keep nothing. Bulk callers use the forms that write into their own arrays.
public final class Sealing {

    /// Bytes added to every message, before 16 more for each 16 KiB.
    public static final int OVERHEAD_MIN = ChunkedEncryption.PREFIX_SIZE + ChunkedEncryption.TAG_SIZE;

    private static final RandomSource RANDOM = RandomSource.secure();

    private Sealing() {}

    /// The exact size of a sealed message for `plaintextSize` bytes.
    public static int sealedSize(int plaintextSize) {
        return Math.toIntExact(ChunkedEncryption.sealedSize(plaintextSize));
    }

    /// The exact size of the plaintext in `sealedSize` bytes, or -1 if no message has that size.
    public static int plaintextSize(int sealedSize) {
        return (int) ChunkedEncryption.plaintextSize(sealedSize);
    }

    public static byte[] seal(Secret key, Label label, byte[] context, byte[] plaintext) {
        byte[] out = new byte[sealedSize(plaintext.length)];
        seal(key, label, context, Slice.of(plaintext), out, 0);
        return out;
    }

    /// Seals into `out` from `outOffset` and returns the sealed size. The ranges must not overlap.
    public static int seal(Secret key, Label label, byte[] context, Slice plaintext, byte[] out, int outOffset) {
        return seal(key, label, context, plaintext, out, outOffset, RANDOM);
    }

    /// As the public form, with the salt's random part from `random`.
    static int seal(
            Secret key, Label label, byte[] context, Slice plaintext, byte[] out, int outOffset, RandomSource random) {
        Slice target = new Slice(out, outOffset, sealedSize(plaintext.length()));
        byte[] bound = label.bind(context);
        // A chunk's place names its content already, by a keyed hash that was paid for once.
        Slice told = label == Label.CHUNK ? Slice.of(new byte[0]) : plaintext;
        ChunkedEncryption.seal(key.open(), Salts.of(key.open(), bound, told, random), bound, plaintext, target);
        return target.length();
    }

    /// Opens a message of at most [Limits#PACK_BYTES_MAX] bytes.
    public static byte[] open(Secret key, Label label, byte[] context, byte[] sealed) throws OpenException {
        return open(key, label, context, Slice.of(sealed));
    }

    public static byte[] open(Secret key, Label label, byte[] context, Slice sealed) throws OpenException {
        int size = plaintextSize(sealed.length());
        if (size < 0 || sealed.length() > Limits.PACK_BYTES_MAX) {
            throw new OpenException();
        }
        byte[] out = new byte[size];
        open(key, label, context, sealed, out, 0);
        return out;
    }

    /// Opens into `out` from `outOffset` and returns the size of the plaintext; on failure that range of `out` is
    /// zeroed. The ranges must not overlap, and `out` must have room for `plaintextSize(sealed.length())` bytes.
    public static int open(Secret key, Label label, byte[] context, Slice sealed, byte[] out, int outOffset)
            throws OpenException {
        return ChunkedEncryption.open(key.open(), label.bind(context), sealed, out, outOffset);
    }

    /// Seals a secret, for another secret that replaces it.
    static byte[] sealSecret(Secret key, Label label, byte[] context, Secret content, RandomSource random) {
        byte[] out = new byte[sealedSize(Secret.SIZE)];
        seal(key, label, context, Slice.of(content.open()), out, 0, random);
        return out;
    }

    static Secret openSecret(Secret key, Label label, byte[] context, byte[] sealed) throws OpenException {
        if (plaintextSize(sealed.length) != Secret.SIZE) {
            throw new OpenException();
        }
        byte[] plaintext = open(key, label, context, sealed);
        try {
            return Secret.ofOpened(plaintext);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }
}
