package coffer.core;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// Reads deterministic CBOR (RFC 8949 section 4.2.1) strictly: whatever [CborWriter] would not have written is
/// refused with a [CborException], so that every accepted byte string has exactly one meaning and one encoding.
///
/// Refused: heads longer than needed, indefinite lengths, tags, floats, integers outside 64 bits signed, invalid
/// UTF-8, lengths beyond the input, trailing bytes (`end`), and map keys that do not ascend (`MapReader.key`). Nesting is
/// bounded by the caller's grammar, because nothing here recurses.
public final class CborReader {

    private final byte[] in;
    private final int end;
    private int position;

    public CborReader(byte[] in) {
        this(in, 0, in.length);
    }

    /// Borrows `in`; the caller does not change it while reading.
    public CborReader(byte[] in, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, in.length);
        this.in = in;
        this.position = offset;
        this.end = offset + length;
    }

    /// An integer that fits a signed 64-bit number.
    public long integer() throws CborException {
        int major = peekMajor();
        if (major != CborWriter.UNSIGNED && major != CborWriter.NEGATIVE) {
            throw new CborException("integer expected");
        }
        long argument = head(major);
        return major == CborWriter.UNSIGNED ? argument : -1 - argument;
    }

    /// An integer from `min` to `max`.
    public long integer(long min, long max) throws CborException {
        long value = integer();
        if (value < min || value > max) {
            throw new CborException("integer out of range");
        }
        return value;
    }

    /// A byte string of at most `sizeMax` bytes.
    public byte[] bytes(int sizeMax) throws CborException {
        int size = size(CborWriter.BYTES, sizeMax);
        position += size;
        return Arrays.copyOfRange(in, position - size, position);
    }

    /// A byte string of exactly `size` bytes.
    public Bytes bytesOf(int size) throws CborException {
        byte[] value = bytes(size);
        if (value.length != size) {
            throw new CborException("byte string of another length");
        }
        return Bytes.of(value);
    }

    /// A text string of at most `sizeMax` bytes of valid UTF-8.
    public String text(int sizeMax) throws CborException {
        int size = size(CborWriter.TEXT, sizeMax);
        try {
            String value = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(in, position, size))
                    .toString();
            position += size;
            return value;
        } catch (CharacterCodingException e) {
            throw new CborException("invalid UTF-8");
        }
    }

    public boolean bool() throws CborException {
        int first = first();
        if (first != 0xf4 && first != 0xf5) {
            throw new CborException("boolean expected");
        }
        position++;
        return first == 0xf5;
    }

    /// Consumes a null if one comes next, and says whether it did.
    public boolean nil() throws CborException {
        if (first() != 0xf6) {
            return false;
        }
        position++;
        return true;
    }

    /// Starts an array of at most `sizeMax` items and returns their count.
    public int array(int sizeMax) throws CborException {
        return size(CborWriter.ARRAY, sizeMax);
    }

    /// Starts an array of exactly `size` items.
    public void arrayOf(int size) throws CborException {
        if (array(size) != size) {
            throw new CborException("array of another length");
        }
    }

    /// Starts a map with integer keys.
    public MapReader map(int sizeMax) throws CborException {
        return new MapReader(size(CborWriter.MAP, sizeMax));
    }

    /// Refuses trailing bytes.
    public void end() throws CborException {
        if (position != end) {
            throw new CborException("trailing bytes");
        }
    }

    public boolean atEnd() {
        return position == end;
    }

    /// Where the next item starts, in the array given to the constructor.
    public int position() {
        return position;
    }

    /// The keys of one map, which must ascend.
    public final class MapReader {
        private int left;
        private long last = Long.MIN_VALUE;

        private MapReader(int size) {
            this.left = size;
        }

        public boolean hasNext() {
            return left > 0;
        }

        /// The next key; its value is read next from the reader itself.
        public long key() throws CborException {
            if (left == 0) {
                throw new CborException("missing map key");
            }
            left--;
            long key = integer();
            // Negative keys sort after positive ones in the deterministic order; no format here uses them.
            if (key < 0 || key <= last) {
                throw new CborException("map keys do not ascend");
            }
            last = key;
            return key;
        }

        /// Requires the next key to be `expected`.
        public void key(long expected) throws CborException {
            if (key() != expected) {
                throw new CborException("another map key expected");
            }
        }

        /// Refuses further keys.
        public void end() throws CborException {
            if (left != 0) {
                throw new CborException("unknown map key");
            }
        }
    }

    private int first() throws CborException {
        if (position >= end) {
            throw new CborException("input ends early");
        }
        return in[position] & 0xff;
    }

    private int peekMajor() throws CborException {
        return first() >> 5;
    }

    private int size(int major, int sizeMax) throws CborException {
        if (peekMajor() != major) {
            throw new CborException("another type expected");
        }
        long size = head(major);
        if (size > sizeMax) {
            throw new CborException("too long");
        }
        // Each item of an array or map takes a byte at least, so no length may exceed what is left.
        if (size > end - position) {
            throw new CborException("input ends early");
        }
        return (int) size;
    }

    private long head(int major) throws CborException {
        int info = first() & 0x1f;
        position++;
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw new CborException("indefinite or reserved length");
        }
        int size = 1 << (info - 24);
        if (end - position < size) {
            throw new CborException("input ends early");
        }
        long argument = 0;
        for (int i = 0; i < size; i++) {
            argument = argument << 8 | (in[position++] & 0xff);
        }
        if (argument < 0) {
            throw new CborException(major <= 1 ? "integer beyond 64 bits" : "too long");
        }
        long shortest = size == 1 ? 24 : 1L << (size * 4);
        if (argument < shortest) {
            throw new CborException("not the shortest form");
        }
        return argument;
    }
}
