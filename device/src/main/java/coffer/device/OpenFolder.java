package coffer.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A folder that was reached from a top without following any link, held open: what is done by its names happens in just
/// this folder, whatever others rename meanwhile.
///
/// On Linux its [#path] leads through the open folder itself (`/proc/self/fd`). Elsewhere every folder on the way is
/// looked at and the plain path is used, which somebody who renames in that moment can still bend.
final class OpenFolder implements AutoCloseable {

    private static final Path FOLDERS = Path.of("/proc/self/fd");
    private static final boolean HELD = PosixCalls.canOpen() && Files.isDirectory(FOLDERS);

    private final int fd;
    private final Path path;

    private OpenFolder(int fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /// The folder that `names` lead to from `top`, or null if there is none: something is missing, or is no folder, or
    /// is a link.
    static @Nullable OpenFolder open(Path top, List<String> names) throws IOException {
        return HELD ? openHeld(top, names) : openPlain(top, names);
    }

    private static @Nullable OpenFolder openHeld(Path top, List<String> names) throws IOException {
        int fd = PosixCalls.openFolder(PosixCalls.AT_FDCWD, top.toString().getBytes(StandardCharsets.UTF_8));
        for (String name : names) {
            if (fd < 0) {
                break;
            }
            int next = PosixCalls.openFolder(fd, LocalNames.unescape(name));
            PosixCalls.close(fd);
            fd = next;
        }
        return held(fd);
    }

    private static @Nullable OpenFolder held(int fd) throws IOException {
        if (fd >= 0) {
            return new OpenFolder(fd, FOLDERS.resolve(Integer.toString(fd)));
        }
        return switch (-fd) {
            case PosixCalls.ENOENT, PosixCalls.ENOTDIR, PosixCalls.ELOOP, PosixCalls.ENAMETOOLONG -> null;
            case PosixCalls.EACCES -> throw new AccessDeniedException("folder");
            default -> throw new FileSystemException("folder", null, "error " + -fd);
        };
    }

    /// A folder in this one, by the rules of [#open]; this one stays open.
    @Nullable
    OpenFolder enter(String name) throws IOException {
        return fd >= 0 ? held(PosixCalls.openFolder(fd, LocalNames.unescape(name))) : openPlain(path, List.of(name));
    }

    private static @Nullable OpenFolder openPlain(Path top, List<String> names) throws IOException {
        Path at = top;
        for (String name : names) {
            at = LocalNames.resolve(at, name);
            if (Files.isSymbolicLink(at)) {
                return null;
            }
        }
        return Files.isDirectory(at) ? new OpenFolder(-1, at) : null;
    }

    /// A path that leads to this very folder as long as it is open.
    Path path() {
        return path;
    }

    Path child(String name) {
        return LocalNames.resolve(path, name);
    }

    /// What is there under a name, or null for nothing.
    @Nullable
    DiskStat stat(String name) throws IOException {
        return fd >= 0 ? DiskStat.at(fd, LocalNames.unescape(name), child(name)) : DiskStat.of(child(name));
    }

    /// Of the folder itself.
    @Nullable
    DiskStat stat() throws IOException {
        return fd >= 0 ? DiskStat.at(fd, new byte[] {'.'}, path.resolve(".")) : DiskStat.of(path);
    }

    /// Renames without replacing anything: 0, or the error number as [PosixCalls] has it.
    int moveTo(String from, OpenFolder target, String to) throws IOException {
        int result = rename(from, target, to, PosixCalls.RENAME_NOREPLACE);
        if (result != PosixCalls.EINVAL && result != PosixCalls.ENOSYS) {
            return result;
        }
        // The file system cannot promise it: looking first leaves a moment in which somebody else may be faster.
        if (target.stat(to) != null) {
            return PosixCalls.EEXIST;
        }
        return replace(from, target, to);
    }

    /// Renames, replacing what is there.
    int replace(String from, OpenFolder target, String to) throws IOException {
        int result = rename(from, target, to, 0);
        if (result == PosixCalls.ENOSYS) {
            Files.move(child(from), target.child(to), StandardCopyOption.ATOMIC_MOVE);
            return 0;
        }
        return result;
    }

    /// Lets two items change places at once; EINVAL or ENOSYS where that cannot be done.
    int exchange(String here, OpenFolder target, String there) {
        return rename(here, target, there, PosixCalls.RENAME_EXCHANGE);
    }

    private int rename(String from, OpenFolder target, String to, int flags) {
        return fd < 0 || target.fd < 0
                ? PosixCalls.ENOSYS
                : -PosixCalls.rename(fd, LocalNames.unescape(from), target.fd, LocalNames.unescape(to), flags);
    }

    /// Removes an empty folder: 0, or the error number.
    int removeFolder(String name) throws IOException {
        int result = fd < 0 ? PosixCalls.ENOSYS : -PosixCalls.removeFolder(fd, LocalNames.unescape(name));
        if (result != PosixCalls.ENOSYS) {
            return result;
        }
        try {
            Files.delete(child(name));
            return 0;
        } catch (DirectoryNotEmptyException e) {
            return PosixCalls.ENOTEMPTY;
        }
    }

    /// Forces the names in this folder to the disk.
    void force() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Forces everything of this folder's file system to the disk; false, with nothing done, where that cannot be asked for.
    boolean forceFileSystem() throws IOException {
        int error = fd < 0 ? PosixCalls.ENOSYS : -PosixCalls.forceFileSystem(fd);
        if (error != 0 && error != PosixCalls.ENOSYS && error != PosixCalls.EACCES) {
            throw new FileSystemException("folder", null, "error " + error);
        }
        return error == 0;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            PosixCalls.close(fd);
        }
    }
}
