package coffer.device;

import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// What the file system says of an item, with when it was made: an inode number alone is soon given to another file.
///
/// @param birthNs 0 where the file system does not know
record DiskStat(LocalStat stat, long birthNs) {

    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    /// The item under a name in an open folder, or null.
    static @Nullable DiskStat at(int folder, byte[] name, Path path) throws IOException {
        StatCall.Found quick = StatCall.at(folder, name);
        return quick == null ? of(path) : quick.stat();
    }

    static @Nullable DiskStat of(Path path) throws IOException {
        try {
            LocalStat stat = LocalStat.slowly(path);
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new DiskStat(stat, Times.nanos(attributes.creationTime()));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Not a directory")) {
                return null;
            }
            throw e;
        }
    }

    /// Null for what no vault holds: sockets, pipes, devices.
    @Nullable
    Kind kind() {
        return switch (stat.kind()) {
            case FILE -> Kind.FILE;
            case FOLDER -> Kind.FOLDER;
            case SYMLINK -> Kind.SYMLINK;
            case OTHER -> null;
        };
    }

    long fileId() {
        long id = Long.rotateLeft(birthNs * SPREAD, 29) ^ stat.inode();
        return id == 0 ? 1 : id;
    }

    /// Renaming sets ctime on the file systems of this world, so it is no part of a stamp; whoever reads a file compares
    /// it before and after ([LocalStat#isSameAs]).
    Stamp stamp() {
        boolean folder = stat.kind() == LocalStat.Kind.FOLDER;
        return new Stamp(fileId(), stat.size(), folder ? 0 : stat.mtimeNs(), 0);
    }
}
