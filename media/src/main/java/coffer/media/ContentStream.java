package coffer.media;

import coffer.core.CofferException;
import coffer.device.Contents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// A file of the vault, read as it is asked for, in pieces.
public final class ContentStream extends InputStream {

    private static final int PIECE = 512 << 10;

    private final Contents contents;
    private final String node;
    private final long size;
    private long next;
    private byte[] piece = new byte[0];
    private int at;

    public ContentStream(Contents contents, Contents.Item item) {
        this.contents = contents;
        this.node = item.node();
        this.size = item.size();
    }

    /// Why reading failed, in the shape of a stream's failure.
    public static final class Failure extends IOException {
        private static final long serialVersionUID = 1;

        private final CofferException failure;

        Failure(CofferException cause) {
            super(cause);
            this.failure = cause;
        }

        public CofferException failure() {
            return failure;
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, bytes, offset, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (at < piece.length) {
            return true;
        }
        if (next >= size) {
            return false;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(PIECE, size - next));
        try {
            contents.read(node, next, PIECE, out);
        } catch (CofferException e) {
            throw new Failure(e);
        }
        piece = out.toByteArray();
        at = 0;
        next += piece.length;
        if (piece.length == 0) {
            throw new IOException("the file has become shorter");
        }
        return true;
    }
}
