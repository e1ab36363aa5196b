package coffer.core;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/// An immutable byte string with value equality; prints as lower-case hex.
///
/// Not for secrets: it is never zeroed and it prints itself.
public final class Bytes implements Comparable<Bytes> {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /// Copies `value`.
    public static Bytes of(byte[] value) {
        return value.length == 0 ? EMPTY : new Bytes(value.clone());
    }

    /// Copies `length` bytes of `value` from `offset`, which must all be there.
    public static Bytes of(byte[] value, int offset, int length) {
        // Without this, copyOfRange would add zeros for what is not there.
        Objects.checkFromIndexSize(offset, length, value.length);
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(value, offset, offset + length));
    }

    /// Parses hex of either case; throws [IllegalArgumentException] for anything else.
    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    public int size() {
        return value.length;
    }

    public boolean isEmpty() {
        return value.length == 0;
    }

    public byte at(int index) {
        return value[index];
    }

    /// A fresh copy.
    public byte[] toArray() {
        return value.clone();
    }

    /// Feeds a digest without copying.
    public void updateTo(MessageDigest digest) {
        digest.update(value);
    }

    public String hex() {
        return HexFormat.of().formatHex(value);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
