package coffer.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/// Writes files so that whoever looks finds the old file, the whole new one, or none: beside its place under a name of
/// its own, then renamed. Never follows a link. Not forced: what a power failure takes, a repeated `get` writes again.
final class LocalWriter {

    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private static final int WRITE_SIZE = 128 << 10;

    private LocalWriter() {}

    /// Where a file is written before it is whole; the same for a repeated run, so nothing piles up.
    static Path part(Path target, Nodes.Node node) {
        return target.resolveSibling(".coffer-" + node.id().hex() + ".part");
    }

    static void create(Path part) throws IOException {
        Files.deleteIfExists(part);
        FileChannel.open(part, NEW).close();
    }

    /// Writes a small file at once.
    static void writeWhole(Path part, byte[] content, int length) throws IOException {
        try (FileChannel channel = openNew(part)) {
            write(channel, content, length, 0);
        }
    }

    private static FileChannel openNew(Path part) throws IOException {
        try {
            return FileChannel.open(part, NEW);
        } catch (FileAlreadyExistsException e) {
            Files.delete(part);
            return FileChannel.open(part, NEW);
        }
    }

    static void writeAt(Path part, byte[] content, int length, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            write(channel, content, length, position);
        }
    }

    private static void write(FileChannel channel, byte[] content, int length, long position) throws IOException {
        for (int at = 0; at < length; ) {
            // In pieces: the platform copies through memory of its own that is as large as the largest piece.
            at += channel.write(ByteBuffer.wrap(content, at, Math.min(WRITE_SIZE, length - at)), position + at);
        }
    }

    /// Gives the written file its attributes and its place.
    static void finish(Path part, Path target, Nodes.Node node, boolean overwrite) throws IOException {
        setExecutable(part, node.isExecutable(), false);
        setTime(part, node.mtimeNs());
        // In one step where the platform can: then nothing that appears in this moment is replaced.
        int renamed = overwrite ? -PosixCalls.EINVAL : PosixCalls.renameNew(part, target);
        if (renamed == 0) {
            return;
        }
        if (!overwrite && (renamed == -PosixCalls.EEXIST || Fetch.exists(target))) {
            throw new FileAlreadyExistsException("something is in its place");
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    static void setTime(Path path, long mtimeNs) throws IOException {
        if (TimeCall.set(path.toString(), mtimeNs)) {
            return;
        }
        FileTime time = Times.fileTime(mtimeNs);
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).setTimes(time, null, null);
    }

    /// Lets whoever may read the file run it, or nobody.
    static void setExecutable(Path path, boolean executable, boolean is) throws IOException {
        if (executable == is) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        if (executable) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            if (permissions.contains(PosixFilePermission.GROUP_READ)) {
                permissions.add(PosixFilePermission.GROUP_EXECUTE);
            }
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            }
        } else {
            permissions.removeAll(Set.of(
                    PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE));
        }
        Files.setPosixFilePermissions(path, permissions);
    }
}
