package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.seal.Chunker;
import coffer.seal.Content;
import coffer.seal.Manifest;
import coffer.seal.Slice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;

/// Reads a file to its end and names its content, chunk by chunk, in bounded memory; the same cuts as a put makes.
final class ContentCutter {

    /// What becomes of each chunk: at least its name. The bytes are lent for the call.
    @FunctionalInterface
    interface Sink {
        ChunkId chunk(Slice plain) throws CofferException;
    }

    private static final int READ_SIZE = 128 << 10;

    /// Room for one chunk of any size, and as much again so that little is moved.
    private static final int WINDOW_SIZE = 2 * Chunker.CHUNK_SIZE_MAX;

    private final Chunker chunker;
    private final Sink sink;

    ContentCutter(Chunker chunker, Sink sink) {
        this.chunker = chunker;
        this.sink = sink;
    }

    /// @param expected the size that the file should have; makes the buffer fit
    Content.FileContent read(ReadableByteChannel channel, long expected) throws IOException, CofferException {
        byte[] window = new byte[(int) Math.min(WINDOW_SIZE, expected + 1)];
        List<ChunkId> chunks = new ArrayList<>(1);
        long size = 0;
        int filled = 0;
        boolean end = false;
        while (true) {
            while (!end && filled < window.length) {
                int read = channel.read(ByteBuffer.wrap(window, filled, Math.min(READ_SIZE, window.length - filled)));
                end = read < 0;
                filled += Math.max(0, read);
            }
            if (!end && window.length < WINDOW_SIZE) {
                window = java.util.Arrays.copyOf(window, WINDOW_SIZE); // it has grown
                continue;
            }
            int at = 0;
            while (at < filled && (end || filled - at >= Chunker.CHUNK_SIZE_MAX)) {
                int length = chunker.cut(window, at, filled - at);
                chunks.add(sink.chunk(new Slice(window, at, length)));
                at += length;
                size += length;
            }
            if (end) {
                return content(size, chunks);
            }
            System.arraycopy(window, at, window, 0, filled - at);
            filled -= at;
        }
    }

    private Content.FileContent content(long size, List<ChunkId> chunks) throws CofferException {
        List<ChunkId> ids = chunks;
        int depth = 0;
        while (Manifest.needsLists(ids)) {
            List<ChunkId> above = new ArrayList<>();
            for (byte[] list : Manifest.lists(ids)) {
                above.add(sink.chunk(Slice.of(list)));
            }
            ids = above;
            depth++;
        }
        return new Content.FileContent(size, depth, ids);
    }
}
