package coffer.service;

import coffer.core.CborException;
import coffer.core.tlog.NoteSigner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/// The two files of the transparency log beside the database: `tlog.key`, the secret that signs it, and `tlog.checkpoint`, the
/// last checkpoint that was published. They lie outside the database so that a database put back from an older copy
/// contradicts them, and is noticed here before any device notices it.
final class TlogFiles {

    private static final int FILE_BYTES_MAX = 4_096;

    private final Path folder;

    TlogFiles(Path folder) {
        this.folder = folder;
    }

    private Path keyFile() {
        return folder.resolve("tlog.key");
    }

    private Path checkpointFile() {
        return folder.resolve("tlog.checkpoint");
    }

    /// Reads the key, or makes one if no checkpoint was ever published.
    ///
    /// @param origin the name of a new log
    NoteSigner loadOrMakeKey(String origin) throws IOException {
        if (!Files.exists(keyFile())) {
            if (Files.exists(checkpointFile())) {
                throw new IOException("the transparency log's key (tlog.key) is missing; restore it: devices trust no other");
            }
            byte[] seed = new byte[32];
            new SecureRandom().nextBytes(seed);
            write(keyFile(), (NoteSigner.secretText(origin, seed) + "\n").getBytes(StandardCharsets.UTF_8));
            Arrays.fill(seed, (byte) 0);
        }
        try {
            return NoteSigner.parse(Files.readString(keyFile()).strip());
        } catch (CborException e) {
            throw new IOException("the transparency log's key (tlog.key) is damaged; restore it", e);
        }
    }

    Optional<byte[]> checkpoint() throws IOException {
        if (!Files.exists(checkpointFile())) {
            return Optional.empty();
        }
        if (Files.size(checkpointFile()) > FILE_BYTES_MAX) {
            throw new IOException("the transparency log's last checkpoint (tlog.checkpoint) is damaged; restore it");
        }
        return Optional.of(Files.readAllBytes(checkpointFile()));
    }

    /// Durable when it returns; a crash leaves the one before.
    void writeCheckpoint(byte[] note) throws IOException {
        write(checkpointFile(), note);
    }

    private void write(Path file, byte[] content) throws IOException {
        Path temporary = folder.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(folder, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
