package coffer.seal;

import coffer.core.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Salts that differ for different messages even where the generator repeats itself: in a machine whose memory was copied, say, or with a broken
/// generator. Whoever opens sees 24 bytes like any others.
final class Salts {

    private static final byte[] INFO_PREFIX = "coffer/salt/v1\0".getBytes(StandardCharsets.US_ASCII);

    private Salts() {}

    /// Of a message: random bytes, what is sealed and where it belongs, under the key; nothing can be learned of the content from it.
    ///
    /// @param plaintext empty where the context says what it is
    static byte[] of(byte[] key, byte[] context, Slice plaintext, RandomSource random) {
        byte[] fresh = random.bytes(ChunkedEncryption.SALT_SIZE);
        if (random.isForVectors()) {
            return fresh;
        }
        MessageDigest digest = Hash.digest();
        digest.update(fresh);
        digest.update(Hash.of(context).toArray());
        digest.update(plaintext.array(), plaintext.offset(), plaintext.length());
        byte[] message = digest.digest();
        byte[] info = new byte[INFO_PREFIX.length + message.length];
        System.arraycopy(INFO_PREFIX, 0, info, 0, INFO_PREFIX.length);
        System.arraycopy(message, 0, info, INFO_PREFIX.length, message.length);
        return Hkdf.expandSha512(key, info, ChunkedEncryption.SALT_SIZE);
    }
}
