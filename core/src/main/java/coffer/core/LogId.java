package coffer.core;

/// The id of a log: the id of its genesis entry, so that nobody can make another log of that id; 32 bytes.
public record LogId(Bytes value) implements Comparable<LogId> {

    public static final int SIZE = 32;

    public LogId {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("LogId has 32 bytes");
        }
    }

    public static LogId of(byte[] value) {
        return new LogId(Bytes.of(value));
    }

    public static LogId ofHex(String hex) {
        return new LogId(Bytes.ofHex(hex));
    }

    public byte[] toArray() {
        return value.toArray();
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(LogId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
