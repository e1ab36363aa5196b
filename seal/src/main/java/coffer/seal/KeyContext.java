package coffer.seal;

import coffer.core.Bytes;
import java.nio.ByteBuffer;

/// The contexts of the hierarchy's derivations: `suite (2 bytes) || number (8 bytes)`, big-endian.
final class KeyContext {

    /// Suite 1: Cobblestone-256, HKDF and HMAC with SHA-256, HPKE 0x647A, Ed25519.
    static final int SUITE = 1;

    private KeyContext() {}

    static byte[] of(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("generations and epochs count from 1");
        }
        return ByteBuffer.allocate(10).putShort((short) SUITE).putLong(number).array();
    }

    /// `suite`, alone: for what is constant.
    static byte[] constant() {
        return ByteBuffer.allocate(2).putShort((short) SUITE).array();
    }

    /// `log id (32 bytes) || number (8 bytes)`: where a previous secret is sealed.
    static byte[] of(Bytes logId, long number) {
        return ByteBuffer.allocate(logId.size() + 8).put(logId.toArray()).putLong(number).array();
    }
}
