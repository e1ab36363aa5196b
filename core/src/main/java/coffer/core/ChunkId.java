package coffer.core;

/// The keyed name of a chunk (HMAC-SHA-256 of its plaintext); never leaves sealed bodies; 32 bytes.
public record ChunkId(Bytes value) implements Comparable<ChunkId> {

    public static final int SIZE = 32;

    public ChunkId {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("ChunkId has 32 bytes");
        }
    }

    public static ChunkId of(byte[] value) {
        return new ChunkId(Bytes.of(value));
    }

    public static ChunkId ofHex(String hex) {
        return new ChunkId(Bytes.ofHex(hex));
    }

    public byte[] toArray() {
        return value.toArray();
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(ChunkId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
