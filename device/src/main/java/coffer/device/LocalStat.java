package coffer.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/// What the file system says of a file, symbolic links not followed.
///
/// @param kind    what it is
/// @param inode   its number in the file system
/// @param ctimeNs when content or attributes last changed; nobody can set it back
record LocalStat(Kind kind, long inode, long size, long mtimeNs, long ctimeNs, boolean executable) {

    enum Kind {
        FILE,
        FOLDER,
        SYMLINK,
        /// Socket, device, pipe.
        OTHER
    }

    private static final String ATTRIBUTES = "unix:mode,ino,size,lastModifiedTime,ctime";
    private static final int TYPE_MASK = 0170000;
    private static final int ANY_EXECUTE = 0111;

    static LocalStat of(Path path) throws IOException {
        LocalStat quick = StatCall.of(path.toString());
        return quick == null ? slowly(path) : quick;
    }

    /// By the Java platform alone.
    static LocalStat slowly(Path path) throws IOException {
        Map<String, Object> values = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return of(
                value(values, "mode", Integer.class),
                value(values, "ino", Long.class),
                value(values, "size", Long.class),
                Times.nanos(value(values, "lastModifiedTime", FileTime.class)),
                Times.nanos(value(values, "ctime", FileTime.class)));
    }

    /// @param mode as `stat(2)` gives it
    static LocalStat of(int mode, long inode, long size, long mtimeNs, long ctimeNs) {
        Kind kind = switch (mode & TYPE_MASK) {
            case 0100000 -> Kind.FILE;
            case 0040000 -> Kind.FOLDER;
            case 0120000 -> Kind.SYMLINK;
            default -> Kind.OTHER;
        };
        boolean file = kind == Kind.FILE;
        return new LocalStat(kind, inode, file ? size : 0, mtimeNs, ctimeNs, file && (mode & ANY_EXECUTE) != 0);
    }

    /// Whether nothing has happened to the file between the two looks.
    boolean isSameAs(LocalStat other) {
        return inode == other.inode
                && size == other.size
                && mtimeNs == other.mtimeNs
                && ctimeNs == other.ctimeNs
                && executable == other.executable
                && kind == other.kind;
    }

    private static <T> T value(Map<String, Object> values, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(values.get(name)));
    }
}
