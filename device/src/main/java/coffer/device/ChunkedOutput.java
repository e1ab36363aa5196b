package coffer.device;

import coffer.core.CofferException;
import coffer.seal.Chunker;
import coffer.seal.Slice;
import java.io.IOException;
import java.io.OutputStream;

/// A stream that is cut into chunks as it is written. Holds two chunks of the largest size.
///
/// Closing it passes on the last chunk. What the taker of chunks throws comes out as the cause of an [IOException].
final class ChunkedOutput extends OutputStream {

    /// Takes in the next chunk, which is its own for the time of the call.
    @FunctionalInterface
    interface Taker {
        void take(Slice chunk) throws CofferException;
    }

    private final Chunker chunker;
    private final Taker taker;
    private final byte[] buffer = new byte[2 * Chunker.CHUNK_SIZE_MAX];
    private int filled;

    ChunkedOutput(Chunker chunker, Taker taker) {
        this.chunker = chunker;
        this.taker = taker;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            int some = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, at, buffer, filled, some);
            filled += some;
            at += some;
            left -= some;
            if (filled == buffer.length) {
                cut(Chunker.CHUNK_SIZE_MAX);
            }
        }
    }

    @Override
    public void close() throws IOException {
        cut(1);
    }

    /// Cuts while at least so much is there.
    private void cut(int atLeast) throws IOException {
        int at = 0;
        while (filled - at >= atLeast) {
            int length = chunker.cut(buffer, at, filled - at);
            try {
                taker.take(new Slice(buffer, at, length));
            } catch (CofferException e) {
                throw new IOException(e);
            }
            at += length;
        }
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        filled -= at;
    }
}
