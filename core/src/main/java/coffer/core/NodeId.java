package coffer.core;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// The random name of a file or folder inside a vault; 16 bytes. Devices hold several for every file, hence two numbers and
/// no array.
///
/// @param high bytes 0 to 7, big-endian
/// @param low  bytes 8 to 15
public record NodeId(long high, long low) implements Comparable<NodeId> {

    public static final int SIZE = 16;

    /// Throws [IllegalArgumentException] for any other length than [#SIZE].
    public static NodeId of(byte[] value) {
        if (value.length != SIZE) {
            throw new IllegalArgumentException("NodeId has 16 bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        return new NodeId(bytes.getLong(), bytes.getLong());
    }

    /// Parses hex of either case; throws [IllegalArgumentException] for anything else.
    public static NodeId ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    public byte[] toArray() {
        return ByteBuffer.allocate(SIZE).putLong(high).putLong(low).array();
    }

    public Bytes bytes() {
        return Bytes.of(toArray());
    }

    public String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }

    /// As byte strings compare: without signs.
    @Override
    public int compareTo(NodeId other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return hex();
    }
}
