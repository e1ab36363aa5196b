package coffer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Compares two folders, byte for byte: names, kinds, contents, links, modification times and the executable bit.
final class TreeCompare {

    private static final int DIFFERENCES_SHOWN = 10;

    /// @param files       files that are the same
    /// @param bytes       in those files
    /// @param differences what differs, the first few
    record Result(long files, long bytes, List<String> differences) {
        boolean same() {
            return differences.isEmpty();
        }
    }

    private long files;
    private long bytes;
    private final List<String> differences = new ArrayList<>();

    private TreeCompare() {}

    static Result compare(Path expected, Path actual) throws IOException {
        TreeCompare compare = new TreeCompare();
        compare.visit(expected, actual, "");
        return new Result(compare.files, compare.bytes, List.copyOf(compare.differences));
    }

    private void visit(Path expected, Path actual, String at) throws IOException {
        if (!Files.exists(actual, LinkOption.NOFOLLOW_LINKS)) {
            differ(at, "is missing");
        } else if (Files.isSymbolicLink(expected)) {
            boolean same = Files.isSymbolicLink(actual)
                    && Files.readSymbolicLink(expected).equals(Files.readSymbolicLink(actual));
            check(same, at, "is another link");
        } else if (Files.isDirectory(expected)) {
            visitFolder(expected, actual, at);
        } else if (Files.isRegularFile(expected)) {
            visitFile(expected, actual, at);
        }
    }

    private void visitFolder(Path expected, Path actual, String at) throws IOException {
        if (!Files.isDirectory(actual, LinkOption.NOFOLLOW_LINKS)) {
            differ(at, "is no folder");
            return;
        }
        SortedSet<String> names = names(expected);
        SortedSet<String> there = names(actual);
        for (String name : there) {
            check(names.contains(name), at + "/" + name, "is too much");
        }
        for (String name : names) {
            visit(expected.resolve(name), actual.resolve(name), at + "/" + name);
        }
    }

    private void visitFile(Path expected, Path actual, String at) throws IOException {
        if (!Files.isRegularFile(actual, LinkOption.NOFOLLOW_LINKS)) {
            differ(at, "is no file");
            return;
        }
        if (Files.mismatch(expected, actual) >= 0) {
            differ(at, "has other bytes");
            return;
        }
        check(
                Files.getLastModifiedTime(expected).equals(Files.getLastModifiedTime(actual)),
                at,
                "has another time");
        check(Files.isExecutable(expected) == Files.isExecutable(actual), at, "differs in the executable bit");
        files++;
        bytes += Files.size(expected);
    }

    private static SortedSet<String> names(Path folder) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return names;
    }

    private void check(boolean same, String at, String difference) {
        if (!same) {
            differ(at, difference);
        }
    }

    private void differ(String at, String difference) {
        if (differences.size() < DIFFERENCES_SHOWN) {
            differences.add(at + " " + difference);
        }
    }
}
