package coffer.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `utimensat(2)`, called directly: the Java platform opens and closes a file to set its time, which for many small files
/// is a fourth of the work of writing them. Where it is not there or does not succeed, the platform is asked.
final class TimeCall {

    // <fcntl.h> and <sys/stat.h> of Linux.
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final long UTIME_OMIT = (1L << 30) - 2;

    private static final int PATH_MAX = 4_096;
    private static final int TIMES_SIZE = 32;

    private static final @Nullable MethodHandle UTIMENSAT = find();

    private static final ThreadLocal<MemorySegment> MEMORY =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(PATH_MAX + TIMES_SIZE, 8));

    private TimeCall() {}

    /// Sets the modification time of what is at `path`, a link itself included; false if the platform must do it.
    static boolean set(String path, long mtimeNs) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (UTIMENSAT == null || path.indexOf('\ufffd') >= 0 || name.length >= PATH_MAX) {
            return false;
        }
        MemorySegment memory = MEMORY.get();
        MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, 0, name.length);
        memory.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
        MemorySegment times = memory.asSlice(PATH_MAX, TIMES_SIZE);
        times.set(ValueLayout.JAVA_LONG, 0, 0);
        times.set(ValueLayout.JAVA_LONG, 8, UTIME_OMIT);
        times.set(ValueLayout.JAVA_LONG, 16, Math.floorDiv(mtimeNs, 1_000_000_000L));
        times.set(ValueLayout.JAVA_LONG, 24, Math.floorMod(mtimeNs, 1_000_000_000L));
        return call(memory, times) == 0;
    }

    private static int call(MemorySegment path, MemorySegment times) {
        try {
            return (int) Objects.requireNonNull(UTIMENSAT).invokeExact(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
        } catch (Throwable e) {
            throw new IllegalStateException("a native call does not throw", e);
        }
    }

    @SuppressWarnings("restricted") // a wrong type here could harm the process: the types are those of the man page
    private static @Nullable MethodHandle find() {
        // Two 64-bit fields in struct timespec are what 64-bit Linux has.
        if (!System.getProperty("os.name", "").equals("Linux") || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor types = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        return linker.defaultLookup()
                .find("utimensat")
                .map(function -> linker.downcallHandle(function, types))
                .orElse(null);
    }
}
