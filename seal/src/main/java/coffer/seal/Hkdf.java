package coffer.seal;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HKDF (RFC 5869) over HMAC.
///
/// Written out because `javax.crypto.KDF` refuses an Expand key shorter than the hash, which chunked encryption uses
/// (32-byte keys with SHA-512); the tests hold it against `javax.crypto.KDF` and the RFC's vectors.
final class Hkdf {

    private Hkdf() {}

    /// HKDF-Expand with SHA-256.
    static byte[] expandSha256(byte[] key, byte[] info, int size) {
        return expand("HmacSHA256", key, info, size);
    }

    /// HKDF-Expand with SHA-512.
    static byte[] expandSha512(byte[] key, byte[] info, int size) {
        return expand("HmacSHA512", key, info, size);
    }

    /// HKDF-Extract with SHA-256.
    static byte[] extractSha256(byte[] salt, byte[] input) {
        return mac("HmacSHA256", salt).doFinal(input);
    }

    private static byte[] expand(String algorithm, byte[] key, byte[] info, int size) {
        Mac mac = mac(algorithm, key);
        if (size > 255 * mac.getMacLength()) {
            throw new IllegalArgumentException("more than 255 blocks");
        }
        byte[] out = new byte[size];
        byte[] block = new byte[0];
        int filled = 0;
        for (int counter = 1; filled < size; counter++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) counter);
            Arrays.fill(block, (byte) 0);
            block = mac.doFinal();
            int take = Math.min(block.length, size - filled);
            System.arraycopy(block, 0, out, filled, take);
            filled += take;
        }
        Arrays.fill(block, (byte) 0);
        return out;
    }

    static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HMAC with SHA-2", e);
        }
    }
}
