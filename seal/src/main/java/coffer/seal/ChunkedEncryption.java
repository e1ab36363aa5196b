package coffer.seal;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// c2sp.org/chunked-encryption@v1 as Cobblestone-256: HKDF-Expand with SHA-512, and AES-256-GCM.
///
///     message = salt (24) || commitment (32) || segment 0 || segment 1 || ... || last segment
///     segment = AES-256-GCM(key, nonce = base nonce XOR number, 16,384 bytes of plaintext; the last one shorter) || tag (16)
///     key (32) || base nonce (12) || commitment (32)
///             = HKDF-Expand(input key, "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM" || 0x00 || salt || context)
///
/// Works from array to array and keeps nothing but a cipher object. Plaintext is fed in pieces of 4 KiB, because the
/// JDK encrypts large pieces slowly until its compiler has seen many of them.
final class ChunkedEncryption {

    static final int SALT_SIZE = 24;
    static final int COMMITMENT_SIZE = 32;
    static final int PREFIX_SIZE = SALT_SIZE + COMMITMENT_SIZE;
    static final int SEGMENT_SIZE = 16_384;
    static final int TAG_SIZE = 16;
    static final int SEALED_SEGMENT_SIZE = SEGMENT_SIZE + TAG_SIZE;

    private static final byte[] INFO_PREFIX = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int KEY_SIZE = 32;
    private static final int NONCE_SIZE = 12;
    private static final int PIECE_SIZE = 4_096;

    /// One cipher for each processor is kept; more threads at once make their own.
    private static final Pool<Cipher> CIPHERS =
            new Pool<>(Runtime.getRuntime().availableProcessors(), ChunkedEncryption::newCipher);

    private ChunkedEncryption() {}

    static long sealedSize(long plaintextSize) {
        return PREFIX_SIZE + plaintextSize + (plaintextSize / SEGMENT_SIZE + 1) * TAG_SIZE;
    }

    /// The size of the plaintext in a message of `sealedSize` bytes, or -1 if no message has that size.
    static long plaintextSize(long sealedSize) {
        long segments = sealedSize - PREFIX_SIZE;
        if (segments < TAG_SIZE) {
            return -1;
        }
        long last = segments % SEALED_SEGMENT_SIZE;
        return last < TAG_SIZE ? -1 : segments / SEALED_SEGMENT_SIZE * SEGMENT_SIZE + last - TAG_SIZE;
    }

    /// Writes `sealedSize(length)` bytes to `out`; `plaintext` and `out` must not overlap.
    ///
    /// @param key  32 bytes, uniformly random
    /// @param salt 24 bytes that never repeat for a key
    static void seal(byte[] key, byte[] salt, byte[] context, Slice plaintext, Slice out) {
        byte[] derived = derive(key, salt, context);
        Cipher cipher = CIPHERS.take();
        try {
            System.arraycopy(salt, 0, out.array(), out.offset(), SALT_SIZE);
            System.arraycopy(
                    derived, KEY_SIZE + NONCE_SIZE, out.array(), out.offset() + SALT_SIZE, COMMITMENT_SIZE);
            SecretKeySpec segmentKey = new SecretKeySpec(derived, 0, KEY_SIZE, "AES");
            int from = plaintext.offset();
            int left = plaintext.length();
            int to = out.offset() + PREFIX_SIZE;
            for (long number = 0; left >= 0; number++) {
                int size = Math.min(left, SEGMENT_SIZE);
                cipher.init(Cipher.ENCRYPT_MODE, segmentKey, nonce(derived, number));
                to += encryptSegment(cipher, plaintext.array(), from, size, out.array(), to);
                from += size;
                // A full segment is never the last one: an empty one follows it.
                left = size == SEGMENT_SIZE ? left - size : -1;
            }
        } catch (GeneralSecurityException e) {
            throw new AssertionError("sealing has no way to fail", e);
        } finally {
            Arrays.fill(derived, (byte) 0);
            CIPHERS.give(cipher);
        }
    }

    /// Writes the plaintext to `out` and returns its size. On failure every byte written to `out` is zeroed again.
    static int open(byte[] key, byte[] context, Slice sealed, byte[] out, int outOffset) throws OpenException {
        long size = plaintextSize(sealed.length());
        if (size < 0 || key.length != KEY_SIZE) {
            throw new OpenException();
        }
        if (size > out.length - outOffset) {
            throw new IndexOutOfBoundsException("no room for the plaintext");
        }
        byte[] in = sealed.array();
        int from = sealed.offset();
        byte[] derived = derive(key, Arrays.copyOfRange(in, from, from + SALT_SIZE), context);
        Cipher cipher = CIPHERS.take();
        int to = outOffset;
        boolean opened = false;
        try {
            byte[] commitment = Arrays.copyOfRange(in, from + SALT_SIZE, from + PREFIX_SIZE);
            byte[] expected = Arrays.copyOfRange(derived, KEY_SIZE + NONCE_SIZE, derived.length);
            if (!MessageDigest.isEqual(commitment, expected)) {
                throw new OpenException();
            }
            SecretKeySpec segmentKey = new SecretKeySpec(derived, 0, KEY_SIZE, "AES");
            from += PREFIX_SIZE;
            int left = sealed.length() - PREFIX_SIZE;
            for (long number = 0; left > 0; number++) {
                int segment = Math.min(left, SEALED_SEGMENT_SIZE);
                cipher.init(Cipher.DECRYPT_MODE, segmentKey, nonce(derived, number));
                to += cipher.doFinal(in, from, segment, out, to);
                from += segment;
                left -= segment;
            }
            opened = true;
            return to - outOffset;
        } catch (GeneralSecurityException e) {
            throw new OpenException();
        } finally {
            Arrays.fill(derived, (byte) 0);
            if (!opened) {
                Arrays.fill(out, outOffset, outOffset + (int) size, (byte) 0);
            }
            CIPHERS.give(cipher);
        }
    }

    private static int encryptSegment(Cipher cipher, byte[] in, int from, int size, byte[] out, int to)
            throws GeneralSecurityException {
        int written = 0;
        int done = 0;
        while (size - done > PIECE_SIZE) {
            written += cipher.update(in, from + done, PIECE_SIZE, out, to + written);
            done += PIECE_SIZE;
        }
        return written + cipher.doFinal(in, from + done, size - done, out, to + written);
    }

    static byte[] derive(byte[] key, byte[] salt, byte[] context) {
        byte[] info = new byte[INFO_PREFIX.length + SALT_SIZE + context.length];
        System.arraycopy(INFO_PREFIX, 0, info, 0, INFO_PREFIX.length);
        System.arraycopy(salt, 0, info, INFO_PREFIX.length, SALT_SIZE);
        System.arraycopy(context, 0, info, INFO_PREFIX.length + SALT_SIZE, context.length);
        return Hkdf.expandSha512(key, info, KEY_SIZE + NONCE_SIZE + COMMITMENT_SIZE);
    }

    private static GCMParameterSpec nonce(byte[] derived, long number) {
        byte[] nonce = Arrays.copyOfRange(derived, KEY_SIZE, KEY_SIZE + NONCE_SIZE);
        for (int i = 0; i < 5; i++) {
            nonce[NONCE_SIZE - 1 - i] ^= (byte) (number >>> (8 * i));
        }
        return new GCMParameterSpec(8 * TAG_SIZE, nonce);
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has AES-GCM", e);
        }
    }
}
