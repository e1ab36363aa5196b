package coffer.media;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Items one after the other, each behind its length in four bytes, so that a file of any length is written and read item by
/// item (docs/spec/derived.md, "Frames").
public final class Frames {

    /// The largest item: a preview of a picture, with room.
    public static final int SIZE_MAX = 4 << 20;

    public static final int HEAD = 4;

    private Frames() {}

    public static void write(OutputStream out, byte[] item) throws IOException {
        if (item.length > SIZE_MAX) {
            throw new IllegalArgumentException("an item is too long");
        }
        out.write(new byte[] {
            (byte) (item.length >>> 24), (byte) (item.length >>> 16), (byte) (item.length >>> 8), (byte) item.length
        });
        out.write(item);
    }

    /// What becomes of an item.
    @FunctionalInterface
    public interface Sink {
        /// @param offset of the item's first byte in the file
        void item(long offset, byte[] item) throws IOException;
    }

    /// Takes a file and gives its items. What ends inside an item is damaged, and what comes after a wrong length is lost: an
    /// [IOException] says so, after every whole item was given.
    public static final class Reader extends OutputStream {

        private final Sink sink;
        private final byte[] head = new byte[HEAD];
        private int headFilled;
        private byte[] item = new byte[0];
        private int filled;
        private int length = -1;
        private long at;

        public Reader(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            int from = offset;
            int end = offset + count;
            while (from < end || length == 0) {
                if (length < 0) {
                    int taken = Math.min(HEAD - headFilled, end - from);
                    System.arraycopy(bytes, from, head, headFilled, taken);
                    headFilled += taken;
                    from += taken;
                    at += taken;
                    begin();
                } else {
                    int taken = Math.min(length - filled, end - from);
                    room(filled + taken);
                    System.arraycopy(bytes, from, item, filled, taken);
                    filled += taken;
                    from += taken;
                    at += taken;
                    finish();
                }
            }
        }

        private void begin() throws IOException {
            if (headFilled == HEAD) {
                length = (head[0] & 0xff) << 24 | (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
                headFilled = 0;
                filled = 0;
                if (length < 0 || length > SIZE_MAX) {
                    throw new IOException("an item is too long");
                }
            }
        }

        /// Grows with what arrives, so that a wrong length reserves nothing.
        private void room(int size) {
            if (item.length < size) {
                item = Arrays.copyOf(item, Math.min(length, Math.max(size, item.length * 2)));
            }
        }

        private void finish() throws IOException {
            if (filled == length) {
                byte[] whole = Arrays.copyOf(item, length);
                long start = at - length;
                length = -1;
                sink.item(start, whole);
            }
        }

        /// Says whether the file ended where an item does.
        @Override
        public void close() throws IOException {
            if (length >= 0 || headFilled > 0) {
                throw new IOException("the file ends inside an item");
            }
        }
    }
}
