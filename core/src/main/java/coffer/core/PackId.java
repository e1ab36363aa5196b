package coffer.core;

/// The name of a pack: SHA-256 of its bytes, so that anyone can check that a provider gave the right bytes; 32 bytes.
public record PackId(Bytes value) implements Comparable<PackId> {

    public static final int SIZE = 32;

    public PackId {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("PackId has 32 bytes");
        }
    }

    public static PackId of(byte[] value) {
        return new PackId(Bytes.of(value));
    }

    public static PackId ofHex(String hex) {
        return new PackId(Bytes.ofHex(hex));
    }

    public byte[] toArray() {
        return value.toArray();
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(PackId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
