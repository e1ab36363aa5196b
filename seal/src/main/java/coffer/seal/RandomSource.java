package coffer.seal;

/// Where secrets, salts and padding come from; a port, so that vectors can be made again byte for byte.
@FunctionalInterface
public interface RandomSource {

    /// Overwrites all of `target`.
    void fill(byte[] target);

    /// The platform's cryptographic generator; the only one that real devices use. Safe for all threads.
    static RandomSource secure() {
        return Secure.RANDOM::nextBytes;
    }

    /// Whether its bytes are to be seen as they are in what is sealed, as published vectors need them.
    default boolean isForVectors() {
        return false;
    }

    /// Fresh random bytes.
    default byte[] bytes(int size) {
        byte[] result = new byte[size];
        fill(result);
        return result;
    }
}
