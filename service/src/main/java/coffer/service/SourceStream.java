package coffer.service;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Notes whether reading failed: of a failed copy, whoever writes cannot tell which side it was.
final class SourceStream extends FilterInputStream {

    private final boolean[] failed;

    SourceStream(InputStream in, boolean[] failed) {
        super(in);
        this.failed = failed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            failed[0] = true;
            throw e;
        }
    }
}
