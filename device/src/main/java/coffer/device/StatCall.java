package coffer.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `statx(2)` of Linux, called directly: a put of many files asks about each of them, and the Java platform gives inode
/// and change time only through a map of boxed values that costs several times the call itself.
///
/// Where the function is not there, or says anything but yes, [LocalStat] asks the platform instead, which also knows
/// the right exception.
final class StatCall {

    // <fcntl.h> and <linux/stat.h>; the layout of struct statx is part of the kernel's interface and does not change.
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_BTIME = 0x800;
    private static final int STRUCT_SIZE = 256;
    private static final int MASK = 0;
    private static final int MODE = 28;
    private static final int INODE = 32;
    private static final int SIZE = 40;
    private static final int BTIME = 80;
    private static final int CTIME = 96;
    private static final int MTIME = 112;

    private static final int PATH_MAX = 4_096;

    private static final @Nullable MethodHandle STATX = find();

    /// Memory of one thread for one call: the path, then the answer.
    private static final ThreadLocal<MemorySegment> MEMORY =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(PATH_MAX + STRUCT_SIZE, 8));

    private StatCall() {}

    /// What is at `path`, or null if the platform must be asked.
    static @Nullable LocalStat of(String path) {
        if (STATX == null || path.indexOf('\ufffd') >= 0) {
            return null;
        }
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        MemorySegment answer = ask(AT_FDCWD, name, STATX_BASIC_STATS);
        return answer == null ? null : read(answer);
    }

    /// What is under a name in an open folder, or null if the platform must be asked, be it that there is nothing.
    static @Nullable DiskStat at(int folder, byte[] name) {
        MemorySegment answer = STATX == null ? null : ask(folder, name, STATX_BASIC_STATS | STATX_BTIME);
        if (answer == null) {
            return null;
        }
        boolean knowsBirth = (answer.get(ValueLayout.JAVA_INT, MASK) & STATX_BTIME) != 0;
        return new DiskStat(read(answer), knowsBirth ? time(answer, BTIME) : 0);
    }

    private static @Nullable MemorySegment ask(int folder, byte[] name, int fields) {
        if (name.length >= PATH_MAX) {
            return null;
        }
        MemorySegment memory = MEMORY.get();
        MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, 0, name.length);
        memory.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
        MemorySegment answer = memory.asSlice(PATH_MAX, STRUCT_SIZE);
        return call(folder, memory, fields, answer) == 0 ? answer : null;
    }

    private static int call(int folder, MemorySegment path, int fields, MemorySegment answer) {
        try {
            return (int) Objects.requireNonNull(STATX).invokeExact(folder, path, AT_SYMLINK_NOFOLLOW, fields, answer);
        } catch (Throwable e) {
            throw new IllegalStateException("a native call does not throw", e);
        }
    }

    private static LocalStat read(MemorySegment answer) {
        int mode = answer.get(ValueLayout.JAVA_SHORT, MODE) & 0xffff;
        return LocalStat.of(
                mode,
                answer.get(ValueLayout.JAVA_LONG, INODE),
                answer.get(ValueLayout.JAVA_LONG, SIZE),
                time(answer, MTIME),
                time(answer, CTIME));
    }

    private static long time(MemorySegment answer, int at) {
        long seconds = answer.get(ValueLayout.JAVA_LONG, at);
        int nanos = answer.get(ValueLayout.JAVA_INT, at + Long.BYTES);
        return Times.nanos(seconds, nanos);
    }

    @SuppressWarnings("restricted") // a wrong type here could harm the process: the types are those of the man page
    private static @Nullable MethodHandle find() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        SymbolLookup lookup = linker.defaultLookup();
        FunctionDescriptor types = FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        return lookup.find("statx").map(function -> linker.downcallHandle(function, types)).orElse(null);
    }
}
