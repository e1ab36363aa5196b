package coffer.seal;

import java.nio.ByteBuffer;

/// The plaintext of chunk records and bodies: content, compressed where it pays, then zeros to a Padmé size.
///
///     frame = flags (1) || content size (4, big-endian) || stored size (4) || stored || zeros
///
/// Bit 0 of the flags says that `stored` is one zstd frame; all other bits are zero. The decoder refuses every frame
/// that is not exactly so, and allocates nothing from a size before it has checked it against the caller's limit.
final class Frame {

    static final int HEADER_SIZE = 9;

    private static final int COMPRESSED = 1;

    private Frame() {}

    /// The most bytes a frame can need.
    static int sizeMax(int contentSize) {
        return Padme.paddedSize(HEADER_SIZE + contentSize);
    }

    /// Writes a frame into `out` from 0, where [#sizeMax] bytes suffice, and returns its size.
    static int write(Slice content, byte[] out) {
        int compressed = Compression.compress(content, out, HEADER_SIZE);
        int stored = compressed >= 0 ? compressed : content.length();
        if (compressed < 0) {
            System.arraycopy(content.array(), content.offset(), out, HEADER_SIZE, content.length());
        }
        ByteBuffer.wrap(out)
                .put((byte) (compressed >= 0 ? COMPRESSED : 0))
                .putInt(content.length())
                .putInt(stored);
        int size = HEADER_SIZE + stored;
        int padded = Padme.paddedSize(size);
        java.util.Arrays.fill(out, size, padded, (byte) 0);
        return padded;
    }

    /// The size of the content, checked against the frame and against `sizeMax`.
    static int contentSize(Slice frame, int sizeMax) throws OpenException {
        require(frame.length() >= HEADER_SIZE);
        ByteBuffer header = ByteBuffer.wrap(frame.array(), frame.offset(), HEADER_SIZE);
        int flags = header.get();
        int size = header.getInt();
        int stored = header.getInt();
        require((flags & ~COMPRESSED) == 0);
        require(size >= 0 && size <= sizeMax);
        require(stored >= 0 && stored <= frame.length() - HEADER_SIZE);
        require(flags == COMPRESSED ? stored <= Compression.usefulSizeMax(size) : stored == size);
        require(frame.length() == Padme.paddedSize(HEADER_SIZE + stored));
        for (int i = HEADER_SIZE + stored; i < frame.length(); i++) {
            require(frame.array()[frame.offset() + i] == 0);
        }
        return size;
    }

    /// Writes the content to `out`, whose length is [#contentSize].
    static void read(Slice frame, Slice out) throws OpenException {
        ByteBuffer header = ByteBuffer.wrap(frame.array(), frame.offset(), HEADER_SIZE);
        boolean compressed = header.get() == COMPRESSED;
        header.getInt();
        Slice stored = new Slice(frame.array(), frame.offset() + HEADER_SIZE, header.getInt());
        if (compressed) {
            Compression.decompress(stored, out);
        } else {
            System.arraycopy(stored.array(), stored.offset(), out.array(), out.offset(), out.length());
        }
    }

    private static void require(boolean condition) throws OpenException {
        if (!condition) {
            throw new OpenException();
        }
    }
}
