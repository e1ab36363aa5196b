package coffer.core;

/// The random name of a file or folder inside a vault; 16 bytes.
public record NodeId(Bytes value) implements Comparable<NodeId> {

    public static final int SIZE = 16;

    public NodeId {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("NodeId has 16 bytes");
        }
    }

    public static NodeId of(byte[] value) {
        return new NodeId(Bytes.of(value));
    }

    public static NodeId ofHex(String hex) {
        return new NodeId(Bytes.ofHex(hex));
    }

    public byte[] toArray() {
        return value.toArray();
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
