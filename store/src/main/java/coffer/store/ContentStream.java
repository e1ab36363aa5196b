package coffer.store;

import coffer.core.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The content of one put on its way to a store, checked against size and name. The last byte is held back until all
/// are right, so that a store that was told the length in advance never gets a whole object of wrong bytes.
///
/// Remembers its failure, for stores that read it through a library which wraps exceptions.
final class ContentStream extends InputStream {

    private final InputStream source;
    private final ObjectName name;
    private final long size;
    private final MessageDigest digest = Hash.digest();
    private long delivered;
    private boolean finished;
    private volatile @Nullable IOException failure;

    ContentStream(Content content, ObjectName name, long size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("negative size");
        }
        this.source = content.open();
        this.name = name;
        this.size = size;
    }

    /// Why reading failed: the source's own exception or [StoreRefused]; null while all is well.
    @Nullable IOException failure() {
        return failure;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        try {
            int read = 0;
            if (delivered < size) {
                read = source.read(buffer, offset, (int) Math.min(count, size - delivered));
                if (read < 0) {
                    throw new StoreRefused(StoreRefused.Reason.CONTENT);
                }
                delivered += read;
                digest.update(buffer, offset, read);
            }
            if (delivered == size && !finished) {
                finish();
            }
            return read == 0 && finished ? -1 : read;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private void finish() throws IOException {
        if (source.read() >= 0 || !Arrays.equals(digest.digest(), name.sha256().toArray())) {
            throw new StoreRefused(StoreRefused.Reason.CONTENT);
        }
        finished = true;
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
