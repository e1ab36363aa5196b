package coffer.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `openat(2)`, `close(2)`, `renameat2(2)`, `unlinkat(2)` and `syncfs(2)` of Linux, which the Java platform has no words for:
/// to walk into a folder without ever following a link, to rename without ever replacing what nobody expected, and to force
/// many files at once.
///
/// Results are 0 or a file descriptor, or the negated error number.
final class PosixCalls {

    // <asm-generic/errno-base.h> and <asm-generic/errno.h>.
    static final int ENOENT = 2;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int EDQUOT = 122;

    static final int AT_FDCWD = -100;
    static final int RENAME_NOREPLACE = 1;
    static final int RENAME_EXCHANGE = 2;

    // <fcntl.h>; two of the flags differ between processors.
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    private static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;

    private static final int TEXT_MAX = 4_096;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final @Nullable MethodHandle OPENAT = find(
            "openat",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(3));
    private static final @Nullable MethodHandle CLOSE =
            find("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final @Nullable MethodHandle RENAMEAT2 = find(
            "renameat2",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));

    /// Memory of one thread for one call: the error number, then two texts.
    private static final ThreadLocal<MemorySegment> MEMORY =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(16 + 2L * TEXT_MAX, 8));

    private static final @Nullable MethodHandle SYNCFS = find(
            "syncfs",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final @Nullable MethodHandle UNLINKAT = find(
            "unlinkat",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final int AT_REMOVEDIR = 0x200;

    private PosixCalls() {}

    /// Removes an empty folder and nothing else.
    static int removeFolder(int folder, byte[] name) {
        if (UNLINKAT == null) {
            return -ENOSYS;
        }
        if (name.length >= TEXT_MAX) {
            return -ENAMETOOLONG;
        }
        MemorySegment memory = MEMORY.get();
        MemorySegment text = text(memory, 0, name);
        try {
            int result = (int) UNLINKAT.invokeExact(memory.asSlice(0, STATE.byteSize()), folder, text, AT_REMOVEDIR);
            return result == 0 ? 0 : -error(memory);
        } catch (Throwable e) {
            throw new IllegalStateException("a native call does not throw", e);
        }
    }

    /// Whether folders can be opened this way on this platform.
    static boolean canOpen() {
        return OPENAT != null && CLOSE != null;
    }

    /// Opens a folder for nothing but going on from there; a link is an error.
    static int openFolder(int at, byte[] name) {
        if (name.length >= TEXT_MAX) {
            return -ENAMETOOLONG;
        }
        MemorySegment memory = MEMORY.get();
        MemorySegment text = text(memory, 0, name);
        int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        try {
            int fd = (int) Objects.requireNonNull(OPENAT).invokeExact(memory.asSlice(0, STATE.byteSize()), at, text, flags, 0);
            return fd >= 0 ? fd : -error(memory);
        } catch (Throwable e) {
            throw new IllegalStateException("a native call does not throw", e);
        }
    }

    /// Forces all that was written to the file system that an open folder is of.
    static int forceFileSystem(int folder) {
        if (SYNCFS == null) {
            return -ENOSYS;
        }
        MemorySegment memory = MEMORY.get();
        MemorySegment state = memory.asSlice(0, STATE.byteSize());
        MemorySegment itself = text(memory, 0, new byte[] {'.'});
        try {
            // What is open for walking only cannot be forced.
            int fd = (int) Objects.requireNonNull(OPENAT).invokeExact(state, folder, itself, O_DIRECTORY | O_CLOEXEC, 0);
            if (fd < 0) {
                return -error(memory);
            }
            int result = (int) SYNCFS.invokeExact(state, fd);
            int error = result == 0 ? 0 : -error(memory);
            close(fd);
            return error;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call does not throw", e);
        }
    }

    static void close(int fd) {
        try {
            int result = (int) Objects.requireNonNull(CLOSE).invokeExact(fd);
            if (result != 0) {
                throw new IllegalStateException("a folder that was open does not close");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call does not throw", e);
        }
    }

    /// Renames if nothing has the new name yet; EINVAL or ENOSYS where that cannot be had, or a path is not UTF-8.
    static int renameNew(Path from, Path to) {
        String source = from.toString();
        String target = to.toString();
        if (source.indexOf('\ufffd') >= 0 || target.indexOf('\ufffd') >= 0) {
            return -EINVAL;
        }
        return rename(
                AT_FDCWD,
                source.getBytes(StandardCharsets.UTF_8),
                AT_FDCWD,
                target.getBytes(StandardCharsets.UTF_8),
                RENAME_NOREPLACE);
    }

    /// Renames; EINVAL or ENOSYS where the file system knows no such `flags`.
    static int rename(int fromFolder, byte[] from, int toFolder, byte[] to, int flags) {
        if (RENAMEAT2 == null) {
            return -ENOSYS;
        }
        if (from.length >= TEXT_MAX || to.length >= TEXT_MAX) {
            return -ENAMETOOLONG;
        }
        MemorySegment memory = MEMORY.get();
        MemorySegment source = text(memory, 0, from);
        MemorySegment target = text(memory, TEXT_MAX, to);
        try {
            int result = (int) RENAMEAT2.invokeExact(memory.asSlice(0, STATE.byteSize()), fromFolder, source, toFolder, target, flags);
            return result == 0 ? 0 : -error(memory);
        } catch (Throwable e) {
            throw new IllegalStateException("a native call does not throw", e);
        }
    }

    private static int error(MemorySegment memory) {
        return (int) ERRNO.get(memory.asSlice(0, STATE.byteSize()), 0L);
    }

    private static MemorySegment text(MemorySegment memory, int at, byte[] value) {
        MemorySegment text = memory.asSlice(16 + at, TEXT_MAX);
        MemorySegment.copy(value, 0, text, ValueLayout.JAVA_BYTE, 0, value.length);
        text.set(ValueLayout.JAVA_BYTE, value.length, (byte) 0);
        return text;
    }

    @SuppressWarnings("restricted") // a wrong type here could harm the process: the types are those of the man pages
    private static @Nullable MethodHandle find(String name, FunctionDescriptor types, Linker.Option... options) {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find(name)
                .map(function -> linker.downcallHandle(function, types, options))
                .orElse(null);
    }
}
