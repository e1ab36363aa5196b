package coffer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Searches files for any of many byte strings at once, at every offset.
///
/// Each pattern is found by its first eight bytes, looked up at every position of the input, and then compared whole.
/// Memory is bounded by the patterns; files are read in pieces that overlap by the longest pattern.
final class LeakSearch {

    /// Shorter byte strings occur by chance in large amounts of random data.
    static final int PATTERN_SIZE_MIN = 8;

    private static final int PIECE = 1 << 20;
    private static final int FILTER_BITS = 22;

    /// A pattern that was found: what it was, where, and at which byte.
    record Hit(String label, Path file, long offset) {}

    /// @param bytes how much was read
    /// @param files how many files that was
    record Result(long files, long bytes, List<Hit> hits) {
        Result plus(Result other) {
            List<Hit> all = new ArrayList<>(hits);
            all.addAll(other.hits());
            return new Result(files + other.files(), bytes + other.bytes(), List.copyOf(all));
        }
    }

    private record Pattern(String label, byte[] bytes) {}

    private final Map<Long, List<Pattern>> byStart = new HashMap<>();
    private final long[] filter = new long[1 << (FILTER_BITS - 6)];
    private int longest = PATTERN_SIZE_MIN;
    private long count;

    /// Adds a byte string to look for; false if it is too short to mean anything.
    boolean add(String label, byte[] pattern) {
        if (pattern.length < PATTERN_SIZE_MIN) {
            return false;
        }
        long start = start(pattern, 0);
        byStart.computeIfAbsent(start, unused -> new ArrayList<>(1)).add(new Pattern(label, pattern.clone()));
        int bit = filterBit(start);
        filter[bit >>> 6] |= 1L << bit;
        longest = Math.max(longest, pattern.length);
        count++;
        return true;
    }

    /// How many byte strings are looked for.
    long count() {
        return count;
    }

    /// Searches a file, or every file below a folder.
    Result search(Path root) throws IOException {
        Result result = new Result(0, 0, List.of());
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                result = result.plus(searchFile(file));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return result;
    }

    private Result searchFile(Path file) throws IOException {
        List<Hit> hits = new ArrayList<>();
        byte[] buffer = new byte[PIECE + longest];
        long base = 0;
        int held = 0;
        try (InputStream in = Files.newInputStream(file)) {
            while (true) {
                int read = in.readNBytes(buffer, held, buffer.length - held);
                int available = held + read;
                boolean last = available < buffer.length;
                int until = last ? available - PATTERN_SIZE_MIN + 1 : available - longest;
                searchPiece(file, buffer, available, Math.max(0, until), base, hits);
                if (last) {
                    return new Result(1, base + available, hits);
                }
                System.arraycopy(buffer, until, buffer, 0, available - until);
                held = available - until;
                base += until;
            }
        }
    }

    private void searchPiece(Path file, byte[] buffer, int available, int until, long base, List<Hit> hits) {
        long window = until > 0 ? start(buffer, 0) : 0;
        for (int at = 0; at < until; at++) {
            int bit = filterBit(window);
            if ((filter[bit >>> 6] & (1L << bit)) != 0) {
                compare(file, buffer, available, at, window, base, hits);
            }
            if (at + 1 < until) {
                window = window << 8 | (buffer[at + PATTERN_SIZE_MIN] & 0xff);
            }
        }
    }

    private void compare(
            Path file, byte[] buffer, int available, int at, long window, long base, List<Hit> hits) {
        for (Pattern pattern : byStart.getOrDefault(window, List.of())) {
            int end = at + pattern.bytes().length;
            if (end <= available
                    && Arrays.equals(buffer, at, end, pattern.bytes(), 0, pattern.bytes().length)) {
                hits.add(new Hit(pattern.label(), file, base + at));
            }
        }
    }

    private static long start(byte[] bytes, int offset) {
        long value = 0;
        for (int i = 0; i < PATTERN_SIZE_MIN; i++) {
            value = value << 8 | (bytes[offset + i] & 0xff);
        }
        return value;
    }

    private static int filterBit(long start) {
        return (int) ((start * 0x9e3779b97f4a7c15L) >>> (64 - FILTER_BITS));
    }
}
