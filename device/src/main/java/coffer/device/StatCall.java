package coffer.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
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
    private static final int PATH_AT = 16;
    private static final int ANSWER_AT = PATH_AT + PATH_MAX;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final @Nullable MethodHandle STATX = find();

    /// Memory of one thread for one call: the error number, the path, then the answer.
    private static final ThreadLocal<MemorySegment> MEMORY =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ANSWER_AT + STRUCT_SIZE, 8));

    /// @param stat null where there is nothing
    record Found(@Nullable DiskStat stat) {
        private static final Found NOTHING = new Found(null);
    }

    private StatCall() {}

    /// What is at `path`, or null if the platform must be asked.
    static @Nullable LocalStat of(String path) {
        if (STATX == null || path.indexOf('\ufffd') >= 0) {
            return null;
        }
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        MemorySegment memory = ask(AT_FDCWD, name, STATX_BASIC_STATS);
        return memory == null || error(memory) != 0 ? null : read(answer(memory));
    }

    /// As [#at], by a path.
    static @Nullable Found found(String path) {
        return path.indexOf('\ufffd') >= 0 ? null : at(AT_FDCWD, path.getBytes(StandardCharsets.UTF_8));
    }

    /// What is under a name in an open folder, or null if the platform must be asked. That nothing is there is what is most often
    /// heard while much arrives, and the platform says it by an exception.
    static @Nullable Found at(int folder, byte[] name) {
        MemorySegment memory = STATX == null ? null : ask(folder, name, STATX_BASIC_STATS | STATX_BTIME);
        if (memory == null) {
            return null;
        }
        return switch (error(memory)) {
            case 0 -> {
                MemorySegment answer = answer(memory);
                boolean knowsBirth = (answer.get(ValueLayout.JAVA_INT, MASK) & STATX_BTIME) != 0;
                yield new Found(new DiskStat(read(answer), knowsBirth ? time(answer, BTIME) : 0));
            }
            case PosixCalls.ENOENT, PosixCalls.ENOTDIR -> Found.NOTHING;
            default -> null;
        };
    }

    /// The memory with error number and answer, or null if it was not asked.
    private static @Nullable MemorySegment ask(int folder, byte[] name, int fields) {
        if (name.length >= PATH_MAX) {
            return null;
        }
        MemorySegment memory = MEMORY.get();
        MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, PATH_AT, name.length);
        memory.set(ValueLayout.JAVA_BYTE, PATH_AT + name.length, (byte) 0);
        MemorySegment state = memory.asSlice(0, STATE.byteSize());
        int result = call(state, folder, memory.asSlice(PATH_AT, PATH_MAX), fields, answer(memory));
        if (result == 0) {
            ERRNO.set(state, 0L, 0);
        }
        return memory;
    }

    private static int error(MemorySegment memory) {
        return (int) ERRNO.get(memory.asSlice(0, STATE.byteSize()), 0L);
    }

    private static MemorySegment answer(MemorySegment memory) {
        return memory.asSlice(ANSWER_AT, STRUCT_SIZE);
    }

    private static int call(MemorySegment state, int folder, MemorySegment path, int fields, MemorySegment answer) {
        try {
            return (int) Objects.requireNonNull(STATX).invokeExact(state, folder, path, AT_SYMLINK_NOFOLLOW, fields, answer);
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
        return lookup.find("statx")
                .map(function -> linker.downcallHandle(function, types, Linker.Option.captureCallState("errno")))
                .orElse(null);
    }
}
