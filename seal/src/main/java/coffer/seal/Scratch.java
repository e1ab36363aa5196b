package coffer.seal;

/// A working array that grows to what is asked of it and is used again.
///
/// At most four stay in the process, each of at most one chunk's size and its padding: about 17 MiB for chunks of the
/// usual 4 MiB at most, 36 MiB if every chunk had the largest size that a format allows. Holds plaintext between uses.
final class Scratch {

    private static final Pool<Scratch> POOL = new Pool<>(4, Scratch::new);

    private byte[] bytes = new byte[0];

    private Scratch() {}

    static Scratch take() {
        return POOL.take();
    }

    byte[] atLeast(int size) {
        if (bytes.length < size) {
            bytes = new byte[size];
        }
        return bytes;
    }

    void give() {
        POOL.give(this);
    }
}
