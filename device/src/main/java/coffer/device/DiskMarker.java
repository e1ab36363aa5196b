package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.sync.LocalFolder.Top;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The folder `.coffer` at the top of a synced folder, which says whose it is: a folder without it is one whose disk is
/// not there.
///
/// ```
/// .coffer/folder    the synced folder's id
/// .coffer/staging   content on its way in, until it is whole
/// .coffer/aside     what changes places at this moment
/// ```
final class DiskMarker {

    static final String FOLDER = ".coffer";
    static final String STAGING = "staging";
    static final String ASIDE = "aside";
    private static final String ID = "folder";
    private static final int ID_BYTES_MAX = 128;

    private DiskMarker() {}

    /// The id that a folder bears; empty for none. Throws where that cannot be said.
    static Optional<String> read(Path top) throws IOException {
        try (OpenFolder own = OpenFolder.open(top, List.of(FOLDER))) {
            if (own == null || own.stat(ID) == null) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(own.child(ID), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(new String(in.readNBytes(ID_BYTES_MAX), StandardCharsets.UTF_8).strip());
            }
        }
    }

    static Top top(Path top, String id) {
        try {
            Optional<String> there = read(top);
            return there.isEmpty() ? Top.MISSING : there.get().equals(id) ? Top.PRESENT : Top.FOREIGN;
        } catch (IOException e) {
            return Top.MISSING; // not readable: as good as not there
        }
    }

    /// Marks a folder durably; what a former one left is kept.
    static void write(Path top, String id) throws CofferException {
        try {
            Path own = top.resolve(FOLDER);
            makeFolder(own);
            makeFolder(own.resolve(STAGING));
            makeFolder(own.resolve(ASIDE));
            Path part = own.resolve(ID + ".new");
            Files.deleteIfExists(part);
            try (FileChannel out =
                    FileChannel.open(part, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
                ByteBuffer bytes = ByteBuffer.wrap((id + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(part, own.resolve(ID), StandardCopyOption.ATOMIC_MOVE);
            force(own);
            force(top);
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    private static void makeFolder(Path folder) throws IOException, CofferException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw CofferException.withAdvice(
                    ErrorCode.LOCAL,
                    "Something that is not Coffer's has the name .coffer in that folder.",
                    "Nothing was changed. Move it away, or choose another folder.");
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /// Takes the mark away, if it is this one; what else lies in the folder stays.
    static void remove(Path top, String id) throws IOException {
        if (!read(top).equals(Optional.of(id))) {
            return;
        }
        Path own = top.resolve(FOLDER);
        Files.deleteIfExists(own.resolve(ID));
        for (String part : List.of(STAGING, ASIDE)) {
            try {
                Files.deleteIfExists(own.resolve(part));
            } catch (java.nio.file.DirectoryNotEmptyException e) {
                return; // something is left in it that may be wanted
            }
        }
        Files.deleteIfExists(own);
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
