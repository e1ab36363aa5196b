package coffer.media.mail;

import coffer.core.Bytes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Some bytes of a file of this machine.
final class FileRange extends InputStream {

    private final SeekableByteChannel channel;
    private long left;

    private FileRange(SeekableByteChannel channel, long left) {
        this.channel = channel;
        this.left = left;
    }

    static InputStream open(Path file, long offset, long length) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        channel.position(offset);
        return new BufferedInputStream(new FileRange(channel, length), Math.clamp(length, 1, 64 << 10));
    }

    /// A short range, whole; an [IOException] if it is not short.
    static Bytes bytes(Path file, long offset, long length, int lengthMax) throws IOException {
        if (length > lengthMax) {
            throw new IOException("a line is too long");
        }
        try (InputStream in = open(file, offset, length)) {
            byte[] bytes = in.readNBytes((int) length);
            if (bytes.length < length) {
                throw new IOException("the file has become shorter");
            }
            return Bytes.of(bytes);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)));
        if (count < 0) {
            throw new IOException("the file has become shorter");
        }
        left -= count;
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
