package coffer.seal;

import java.security.MessageDigest;
import java.nio.ByteBuffer;
import coffer.core.Hash;

/// A generator with a printed seed: SHA-256 of seed and counter.
final class FixedRandom implements RandomSource {

    private final long seed;
    private long counter;

    FixedRandom(long seed) {
        this.seed = seed;
    }

    @Override
    public boolean isForVectors() {
        return true;
    }

    @Override
    public void fill(byte[] target) {
        for (int at = 0; at < target.length; at += 32) {
            MessageDigest digest = Hash.digest();
            byte[] block = digest.digest(ByteBuffer.allocate(16).putLong(seed).putLong(counter++).array());
            System.arraycopy(block, 0, target, at, Math.min(32, target.length - at));
        }
    }

    int below(int bound) {
        return Math.floorMod(ByteBuffer.wrap(bytes(4)).getInt(), bound);
    }

    Secret secret() {
        return Secret.random(this);
    }

    /// Bytes that compress to about half.
    byte[] textLike(int size) {
        byte[] text = bytes(size);
        for (int i = 0; i < size; i++) {
            text[i] = (byte) ('a' + (text[i] & 0x0f));
        }
        return text;
    }
}
