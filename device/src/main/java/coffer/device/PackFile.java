package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A pack while it is being filled and sent: a file that lives for seconds, mostly in the file system's cache, so that
/// packs cost the process no memory. It holds sealed bytes only. What a crash leaves is deleted by the next put.
final class PackFile extends OutputStream {

    private static final int BUFFER_SIZE = 64 << 10;

    private final Path path;
    private final FileChannel channel;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private int buffered;

    private PackFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static PackFile create(Path folder, long number) throws CofferException {
        try {
            Files.createDirectories(folder);
            Path path = folder.resolve("pack-" + number + ".part");
            Files.deleteIfExists(path);
            return new PackFile(path, FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Deletes what an interrupted put has left.
    static void clear(Path folder) throws CofferException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "pack-*.part")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > BUFFER_SIZE - buffered) {
            flush();
        }
        if (length >= BUFFER_SIZE) {
            writeThrough(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, buffered, length);
            buffered += length;
        }
    }

    @Override
    public void flush() throws IOException {
        int length = buffered;
        buffered = 0;
        writeThrough(buffer, 0, length);
    }

    /// In pieces: the platform copies through memory of its own that is as large as the largest piece.
    private void writeThrough(byte[] bytes, int offset, int length) throws IOException {
        for (int at = 0; at < length; ) {
            at += channel.write(ByteBuffer.wrap(bytes, offset + at, Math.min(BUFFER_SIZE, length - at)));
        }
    }

    /// Ends writing; the file stays until [#delete].
    @Override
    public void close() throws IOException {
        flush();
        channel.close();
    }

    void delete() {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException ignored) {
            // The next put deletes it.
        }
    }

    static CofferException failure(IOException e) {
        return new CofferException(
                ErrorCode.LOCAL,
                DiskFull.said(e) ? "This device's disk is full." : "A pack cannot be prepared on this device's disk.",
                e);
    }
}
