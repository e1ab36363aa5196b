package coffer.media.mail;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Takes bytes and says whether a file has the same.
final class Comparison extends OutputStream {

    private final InputStream in;
    private boolean equal = true;

    Comparison(Path file) throws IOException {
        this.in = new BufferedInputStream(Files.newInputStream(file));
    }

    @Override
    public void write(int b) throws IOException {
        equal &= in.read() == (b & 0xff);
    }

    /// Whether it was so when this was closed.
    boolean isEqual() {
        return equal;
    }

    @Override
    public void close() throws IOException {
        equal &= in.read() < 0;
        in.close();
    }
}
