package coffer.seal;

import java.io.IOException;
import java.io.InputStream;

/// Cuts a stream into chunks, in one array of [#BUFFER_SIZE] bytes that the caller lends and may use again.
///
///     ChunkStream chunks = new ChunkStream(in, dedup.chunker(), buffer);
///     for (int length = chunks.next(); length > 0; length = chunks.next()) {
///         use(buffer, chunks.offset(), length);
///     }
///
/// Borrows `in`. For one thread. Content below [Chunker#CHUNK_SIZE_MIN] needs none of this: it is one chunk.
public final class ChunkStream {

    /// Two chunks of the largest size, so that what is moved within the array is less than what is read into it.
    public static final int BUFFER_SIZE = 2 * Chunker.CHUNK_SIZE_MAX;

    private final InputStream in;
    private final Chunker chunker;
    private final byte[] buffer;
    private int offset;
    private int length;
    private int filled;
    private boolean ended;

    public ChunkStream(InputStream in, Chunker chunker, byte[] buffer) {
        if (buffer.length < BUFFER_SIZE) {
            throw new IllegalArgumentException("buffer too small");
        }
        this.in = in;
        this.chunker = chunker;
        this.buffer = buffer;
    }

    /// Moves to the next chunk and returns its length, or 0 at the end.
    public int next() throws IOException {
        offset += length;
        if (!ended && filled - offset < Chunker.CHUNK_SIZE_MAX) {
            fill();
        }
        length = chunker.cut(buffer, offset, filled - offset);
        return length;
    }

    /// Where the present chunk starts in the buffer; its bytes stay there until the next call of [#next].
    public int offset() {
        return offset;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, offset, buffer, 0, filled - offset);
        filled -= offset;
        offset = 0;
        int wanted = BUFFER_SIZE - filled;
        int read = in.readNBytes(buffer, filled, wanted);
        filled += read;
        ended = read < wanted;
    }
}
