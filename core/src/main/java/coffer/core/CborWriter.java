package coffer.core;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Writes deterministic CBOR (RFC 8949 section 4.2.1): shortest heads, definite lengths, and integer map keys that
/// the caller writes in ascending order.
///
/// The caller announces the size of each array and map and then writes that many items (for a map, key and value
/// pairs). The reader is what enforces the rules; this class only never breaks the ones it can see.
public final class CborWriter {

    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int SIMPLE = 7;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    /// Writes an integer of 64 bits, of either sign.
    public CborWriter integer(long value) {
        if (value >= 0) {
            head(UNSIGNED, value);
        } else {
            head(NEGATIVE, -1 - value);
        }
        return this;
    }

    public CborWriter bytes(byte[] value) {
        head(BYTES, value.length);
        out.writeBytes(value);
        return this;
    }

    public CborWriter bytes(byte[] value, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, value.length);
        head(BYTES, length);
        out.write(value, offset, length);
        return this;
    }

    public CborWriter bytes(Bytes value) {
        return bytes(value.toArray());
    }

    /// Writes UTF-8 text; a lone surrogate is a bug of the caller and throws [IllegalArgumentException].
    public CborWriter text(String value) {
        byte[] utf8 = utf8(value);
        head(TEXT, utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    public CborWriter bool(boolean value) {
        out.write((SIMPLE << 5) | (value ? 21 : 20));
        return this;
    }

    public CborWriter nil() {
        out.write((SIMPLE << 5) | 22);
        return this;
    }

    /// Starts an array of `size` items.
    public CborWriter array(int size) {
        head(ARRAY, size);
        return this;
    }

    /// Starts a map of `size` pairs.
    public CborWriter map(int size) {
        head(MAP, size);
        return this;
    }

    /// Writes one item that is already deterministic CBOR.
    public CborWriter encoded(byte[] item) {
        out.writeBytes(item);
        return this;
    }

    public int size() {
        return out.size();
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }

    private void head(int major, long argument) {
        if (argument < 0) {
            throw new IllegalArgumentException("negative size");
        }
        int top = major << 5;
        if (argument < 24) {
            out.write(top | (int) argument);
        } else if (argument <= 0xff) {
            out.write(top | 24);
            out.write((int) argument);
        } else if (argument <= 0xffff) {
            out.write(top | 25);
            bigEndian(argument, 2);
        } else if (argument <= 0xffff_ffffL) {
            out.write(top | 26);
            bigEndian(argument, 4);
        } else {
            out.write(top | 27);
            bigEndian(argument, 8);
        }
    }

    private void bigEndian(long value, int size) {
        for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }

    private static byte[] utf8(String value) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(value));
            byte[] result = new byte[encoded.remaining()];
            encoded.get(result);
            return result;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text with a lone surrogate", e);
        }
    }
}
