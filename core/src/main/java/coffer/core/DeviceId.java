package coffer.core;

/// The id of a device: SHA-256 over its role-free public record (spec/ids.md), so that it names exactly one pair of keys; 32 bytes.
public record DeviceId(Bytes value) implements Comparable<DeviceId> {

    public static final int SIZE = 32;

    public DeviceId {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("DeviceId has 32 bytes");
        }
    }

    public static DeviceId of(byte[] value) {
        return new DeviceId(Bytes.of(value));
    }

    public static DeviceId ofHex(String hex) {
        return new DeviceId(Bytes.ofHex(hex));
    }

    public byte[] toArray() {
        return value.toArray();
    }

    public String hex() {
        return value.hex();
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return hex();
    }
}
