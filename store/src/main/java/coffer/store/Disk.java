package coffer.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// The steps by which [DirectoryStore] makes a file durable, one by one, so that tests can fail each of them.
interface Disk {

    /// A new file being written.
    interface NewFile extends Closeable {
        /// Writes all that remains in `bytes`.
        void write(ByteBuffer bytes) throws IOException;

        /// Returns when all written bytes would survive a loss of power.
        void force() throws IOException;
    }

    /// Creates a file that must not exist yet.
    NewFile create(Path file) throws IOException;

    /// Renames within one file system in one step, replacing what is there.
    void move(Path from, Path to) throws IOException;

    /// Makes the entries of a folder durable.
    void forceFolder(Path folder) throws IOException;

    /// The disk of this computer.
    Disk REAL = new Disk() {
        private final boolean foldersCanBeForced =
                !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

        @Override
        public NewFile create(Path file) throws IOException {
            return new ChannelFile(FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            if (foldersCanBeForced) {
                try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    };

    /// A file written through its channel.
    record ChannelFile(FileChannel channel) implements NewFile {
        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
