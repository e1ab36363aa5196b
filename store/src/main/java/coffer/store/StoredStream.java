package coffer.store;

import java.io.IOException;
import java.io.InputStream;

/// The bytes of an object, or of a range of it, as they come from a store.
///
/// Delivers exactly `length` bytes or throws: a stream that ends early, goes on too long or (for a whole object) holds
/// other bytes than the name says is a [StoreCorrupt], and it is thrown in place of the last byte, so that a reader
/// never takes a damaged object for a finished one. Failures are sticky. Not for use by several threads.
public abstract class StoredStream extends InputStream {

    private final long length;
    private final long objectSize;

    protected StoredStream(long length, long objectSize) {
        this.length = length;
        this.objectSize = objectSize;
    }

    /// How many bytes this stream delivers.
    public final long length() {
        return length;
    }

    /// How many bytes the whole object has, as the store says.
    public final long objectSize() {
        return objectSize;
    }

    @Override
    public abstract int read(byte[] buffer, int offset, int count) throws StoreException;

    @Override
    public abstract void close();

    @Override
    public final int read(byte[] buffer) throws StoreException {
        return read(buffer, 0, buffer.length);
    }

    @Override
    public final int read() throws StoreException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// Reads all that is left, which must fit an array.
    public final byte[] readAll() throws StoreException {
        try {
            return readAllBytes();
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError("read throws only StoreException", e);
        }
    }
}
