package coffer.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A SHA-256 value (FIPS 180-4), 32 bytes.
public record Hash(Bytes value) implements Comparable<Hash> {

    public static final int SIZE = 32;

    public Hash {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("a SHA-256 value has 32 bytes");
        }
    }

    public static Hash of(byte[] data) {
        return new Hash(Bytes.of(digest().digest(data)));
    }

    public static Hash of(byte[] data, int offset, int length) {
        MessageDigest digest = digest();
        digest.update(data, offset, length);
        return new Hash(Bytes.of(digest.digest()));
    }

    public static Hash ofHex(String hex) {
        return new Hash(Bytes.ofHex(hex));
    }

    /// A new SHA-256 digest.
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    public byte[] toArray() {
        return value.toArray();
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(Hash other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
