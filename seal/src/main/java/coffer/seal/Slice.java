package coffer.seal;

import java.util.Objects;

/// A range of a caller's array: borrowed, never copied. Whoever passes one does not change the range meanwhile.
@SuppressWarnings("ArrayRecordComponent") // a view: identity of the array is the point, equality is never asked for
public record Slice(byte[] array, int offset, int length) {

    public Slice {
        Objects.checkFromIndexSize(offset, length, array.length);
    }

    public static Slice of(byte[] array) {
        return new Slice(array, 0, array.length);
    }

    /// The rest of `array` from `offset`.
    public static Slice from(byte[] array, int offset) {
        return new Slice(array, offset, array.length - offset);
    }

    public byte[] toArray() {
        return java.util.Arrays.copyOfRange(array, offset, offset + length);
    }
}
