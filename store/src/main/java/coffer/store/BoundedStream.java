package coffer.store;

import java.io.IOException;
import java.io.InputStream;

/// The first `limit` bytes of a stream; owns it.
final class BoundedStream extends InputStream {

    private final InputStream source;
    private long left;

    BoundedStream(InputStream source, long limit) {
        this.source = source;
        this.left = limit;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        if (left == 0 && count > 0) {
            return -1;
        }
        int read = source.read(buffer, offset, (int) Math.min(count, left));
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
