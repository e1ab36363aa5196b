package coffer.store;

import coffer.core.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes a [StoredStream] of whatever bytes a store produces: counts them, hashes them, and holds the end back until
/// both are right.
final class CheckedStream extends StoredStream {

    private final InputStream raw;
    private final @Nullable ObjectName expected;
    private final MessageDigest digest = Hash.digest();
    private long delivered;
    private boolean finished;
    private @Nullable StoreException failure;

    private CheckedStream(InputStream raw, long length, long objectSize, @Nullable ObjectName expected) {
        super(length, objectSize);
        this.raw = raw;
        this.expected = expected;
    }

    /// A whole object, verified against its name. Owns `raw`.
    static StoredStream whole(InputStream raw, ObjectName name, long size) {
        return new CheckedStream(raw, size, size, name);
    }

    /// A range of an object: only its length is verified. Owns `raw`.
    static StoredStream range(InputStream raw, long length, long objectSize) {
        return new CheckedStream(raw, length, objectSize, null);
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws StoreException {
        if (failure != null) {
            throw failure;
        }
        if (count == 0) {
            return 0;
        }
        int read = 0;
        try {
            if (delivered < length()) {
                read = raw.read(buffer, offset, (int) Math.min(count, length() - delivered));
                if (read < 0) {
                    throw new StoreCorrupt("the stored bytes end early");
                }
                delivered += read;
                if (expected != null) {
                    digest.update(buffer, offset, read);
                }
            }
            if (delivered == length() && !finished) {
                finish();
            }
            return read == 0 && finished ? -1 : read;
        } catch (StoreException e) {
            Arrays.fill(buffer, offset, offset + Math.max(read, 0), (byte) 0);
            failure = e;
            throw e;
        } catch (IOException e) {
            failure = new StoreUnavailable("reading from the store failed", e);
            throw failure;
        }
    }

    private void finish() throws IOException {
        if (raw.read() >= 0) {
            throw new StoreCorrupt("the stored bytes go on too long");
        }
        if (expected != null && !Arrays.equals(digest.digest(), expected.sha256().toArray())) {
            throw new StoreCorrupt("the stored bytes are not what their name says");
        }
        finished = true;
    }

    @Override
    public void close() {
        if (failure == null && !finished) {
            failure = new StoreUnavailable("the stream was closed");
        }
        try {
            raw.close();
        } catch (IOException e) {
            // Nothing was written through it, and all that was read has been checked.
            return;
        }
    }
}
