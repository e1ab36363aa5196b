package coffer.attack;

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
/// Each pattern is found by its first eight bytes, looked up at every position of the input, and then compared whole. Two
/// filters come before the lookup: a small one that the processor's cache holds, and a large one that leaves few positions of
/// random data even when half a million names are looked for. Memory is bounded by the patterns; files are read in pieces
/// that overlap by the longest pattern, as many at once as there are processors.
public final class LeakSearch {

    /// Shorter byte strings occur by chance in large amounts of random data.
    public static final int PATTERN_SIZE_MIN = 8;

    /// So many hits of one file are kept: a file that is full of them tells no more with the rest.
    private static final int HITS_PER_FILE = 100_000;

    private static final int PIECE = 1 << 20;
    private static final int SMALL_BITS = 22;
    private static final int LARGE_BITS = 27;

    /// A pattern that was found: what it was, where, and at which byte.
    public record Hit(Pattern pattern, Path file, long offset) {
        public String label() {
            return pattern.label();
        }
    }

    /// @param bytes how much was read
    /// @param files how many files that was
    /// @param hits  in the order of files, at most 100,000 of each
    public record Result(long files, long bytes, List<Hit> hits) {
        public Result {
            hits = List.copyOf(hits);
        }

        private static Result of(List<Result> parts) {
            List<Hit> hits = new ArrayList<>();
            parts.forEach(part -> hits.addAll(part.hits()));
            return new Result(
                    parts.stream().mapToLong(Result::files).sum(),
                    parts.stream().mapToLong(Result::bytes).sum(),
                    hits);
        }
    }

    /// A byte string to look for; two are the same only if they are one object.
    public record Pattern(String label, byte[] bytes) {}

    private final Map<Long, List<Pattern>> byStart = new HashMap<>();
    private final long[] small = new long[1 << (SMALL_BITS - 6)];
    private final long[] large = new long[1 << (LARGE_BITS - 6)];
    private int longest = PATTERN_SIZE_MIN;
    private long count;

    /// Adds a byte string to look for; false if it is too short to mean anything.
    public boolean add(String label, byte[] pattern) {
        if (pattern.length < PATTERN_SIZE_MIN) {
            return false;
        }
        long start = start(pattern, 0);
        byStart.computeIfAbsent(start, unused -> new ArrayList<>(1)).add(new Pattern(label, pattern.clone()));
        long hash = hash(start);
        set(small, hash >>> (64 - SMALL_BITS));
        set(large, hash >>> (64 - LARGE_BITS));
        longest = Math.max(longest, pattern.length);
        count++;
        return true;
    }

    /// No longer looks for this one.
    public void forget(Pattern pattern) {
        List<Pattern> alike = byStart.getOrDefault(start(pattern.bytes(), 0), List.of());
        if (!alike.isEmpty() && alike.remove(pattern)) {
            count--;
        }
    }

    /// How many byte strings are looked for.
    public long count() {
        return count;
    }

    /// Searches a file, or every file below a folder.
    public Result search(Path root) throws IOException {
        return Result.of(search(root, HITS_PER_FILE));
    }

    /// How many files below a folder hold anything that is looked for. Each is read until the first hit, so this is quick
    /// also where there are more hits than anybody could count.
    public long filesThatHoldAny(Path root) throws IOException {
        return search(root, 1).stream().filter(result -> !result.hits().isEmpty()).count();
    }

    private List<Result> search(Path root, int limit) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        try {
            return files.parallelStream().map(file -> searchUnchecked(file, limit)).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Result searchUnchecked(Path file, int limit) {
        try {
            return searchFile(file, limit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result searchFile(Path file, int limit) throws IOException {
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
                searchPiece(file, buffer, available, Math.max(0, until), base, hits, limit);
                if (last || hits.size() >= limit) {
                    return new Result(1, base + available, hits);
                }
                System.arraycopy(buffer, until, buffer, 0, available - until);
                held = available - until;
                base += until;
            }
        }
    }

    private void searchPiece(
            Path file, byte[] buffer, int available, int until, long base, List<Hit> hits, int limit) {
        long window = until > 0 ? start(buffer, 0) : 0;
        for (int at = 0; at < until && hits.size() < limit; at++) {
            long hash = hash(window);
            if (isSet(small, hash >>> (64 - SMALL_BITS)) && isSet(large, hash >>> (64 - LARGE_BITS))) {
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
                hits.add(new Hit(pattern, file, base + at));
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

    private static long hash(long start) {
        return start * 0x9e3779b97f4a7c15L;
    }

    private static void set(long[] filter, long bit) {
        filter[(int) (bit >>> 6)] |= 1L << bit;
    }

    private static boolean isSet(long[] filter, long bit) {
        return (filter[(int) (bit >>> 6)] & (1L << bit)) != 0;
    }
}
