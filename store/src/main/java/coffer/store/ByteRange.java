package coffer.store;

/// A non-empty run of bytes inside an object: `length` bytes from `offset`.
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("not a byte range");
        }
    }

    /// The position after the last byte.
    public long end() {
        return offset + length;
    }
}
