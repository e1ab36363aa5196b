package coffer.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What Linux says about processes. Processor time is in ticks of ten milliseconds.
final class ProcFs {

    static final double TICKS_PER_SECOND = 100;

    private static final Path PROC = Path.of("/proc");
    // Fields of /proc/PID/stat after the name, counted from zero (proc(5) counts from three there).
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    private ProcFs() {}

    /// Ticks that the process itself has used; zero if there is none.
    static long ticks(long pid) {
        return fields(Long.toString(pid)).map(stat -> sum(stat, USER, SYSTEM)).orElse(0L);
    }

    /// Ticks of all processes that this one has started and seen end, and of those that they have.
    static long childrenTicks() {
        return fields("self").map(stat -> sum(stat, CHILDREN_USER, CHILDREN_SYSTEM)).orElse(0L);
    }

    /// Ticks in which any processor worked, whoever for.
    static long busyTicks() {
        String[] cpu = read(PROC.resolve("stat")).lines().findFirst().orElse("").trim().split("\\s+", -1);
        long busy = 0;
        for (int i = 1; i < Math.min(cpu.length, 9); i++) {
            // The fourth number is idle, the fifth waiting for disks.
            if (i != 4 && i != 5) {
                busy += Long.parseLong(cpu[i]);
            }
        }
        return busy;
    }

    /// The largest resident size so far in kilobytes; zero if there is no such process.
    static long peakKilobytes(long pid) {
        return status(pid, "VmHWM:");
    }

    /// The resident size now in kilobytes.
    static long residentKilobytes(long pid) {
        return status(pid, "VmRSS:");
    }

    /// Forgets the process's largest resident size, so that the next one is of what follows.
    static void resetPeak(long pid) {
        try {
            Files.writeString(PROC.resolve(Long.toString(pid)).resolve("clear_refs"), "5");
        } catch (IOException e) {
            // Of another user, or gone: its peak is then of its whole life.
        }
    }

    private static long status(long pid, String key) {
        return read(PROC.resolve(Long.toString(pid)).resolve("status"))
                .lines()
                .filter(line -> line.startsWith(key))
                .map(line -> Long.parseLong(line.substring(key.length()).replace("kB", "").strip()))
                .findFirst()
                .orElse(0L);
    }

    private static Optional<List<String>> fields(String pid) {
        String stat = read(PROC.resolve(pid).resolve("stat"));
        int name = stat.lastIndexOf(')');
        return name < 0 ? Optional.empty() : Optional.of(List.of(stat.substring(name + 2).strip().split(" ", -1)));
    }

    private static long sum(List<String> stat, int first, int second) {
        return Long.parseLong(stat.get(first)) + Long.parseLong(stat.get(second));
    }

    /// Empty if the process is gone.
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (e.getMessage() != null && e.getMessage().contains("No such process")) {
                return "";
            }
            throw new UncheckedIOException(e);
        }
    }
}
