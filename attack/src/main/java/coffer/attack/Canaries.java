package coffer.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;

/// What must be found nowhere outside the devices: pieces of every file, every name, and the keys; names and keys also
/// in hex and base64.
public final class Canaries {

    private static final String NAME = "a name";
    private static final String PIECE = "a piece of a file";
    private static final int WINDOW = 32;
    private static final int WINDOWS_PER_FILE = 4;
    private static final int DISTINCT_BYTES_MIN = 12;

    private final LeakSearch search = new LeakSearch();
    private long shortNames;
    private long files;

    public LeakSearch search() {
        return search;
    }

    /// Names too short to mean anything when found.
    public long shortNames() {
        return shortNames;
    }

    public long files() {
        return files;
    }

    /// Adds names and pieces of everything below `root`.
    public void addTree(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                addText(NAME, String.valueOf(path.getFileName()));
                if (Files.isRegularFile(path)) {
                    files++;
                    addContent(path);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// No longer looks for names and pieces of files that stand in `unrelated`, the traffic of somebody whose files are random
    /// bytes: they are words of HTTP and of the protocol, which a file, say a letter with its headers, may hold as well.
    ///
    /// @return how many those were
    public long forgetWordsIn(Path unrelated) throws IOException {
        long before = search.count();
        for (LeakSearch.Hit hit : search.search(unrelated).hits()) {
            if (hit.label().startsWith(NAME) || hit.label().equals(PIECE)) {
                search.forget(hit.pattern());
            }
        }
        return before - search.count();
    }

    /// Adds a text as it is and encoded.
    public void addText(String label, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!search.add(label, bytes)) {
            shortNames++;
            return;
        }
        addEncoded(label, bytes);
    }

    /// Adds secret bytes as they are and encoded; long ones in halves of 32 bytes as well.
    public void addSecret(String label, byte[] secret) {
        for (int at = 0; at + WINDOW <= secret.length; at += WINDOW) {
            byte[] part = Arrays.copyOfRange(secret, at, at + WINDOW);
            search.add(label, part);
            addEncoded(label, part);
        }
    }

    private void addEncoded(String label, byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes);
        search.add(label + ", in hex", hex.getBytes(StandardCharsets.US_ASCII));
        // Base64 of a byte string inside a longer one depends on where it begins; the inner part of each of the three
        // alignments is what can be found.
        for (int shift = 0; shift < 3; shift++) {
            byte[] shifted = new byte[shift + bytes.length];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            int from = shift == 0 ? 0 : 4;
            int until = text.length() - 2;
            if (until - from >= 2 * LeakSearch.PATTERN_SIZE_MIN) {
                search.add(label + ", in base64", text.substring(from, until).getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private void addContent(Path file) throws IOException {
        long size = Files.size(file);
        int windows = (int) Math.min(WINDOWS_PER_FILE, size / WINDOW);
        try (InputStream in = Files.newInputStream(file)) {
            long position = 0;
            for (int i = 0; i < windows; i++) {
                long offset = (size - WINDOW) * (i + 1) / (windows + 1);
                in.skipNBytes(Math.max(0, offset - position));
                byte[] window = in.readNBytes(WINDOW);
                position = Math.max(position, offset) + window.length;
                if (isTelling(window)) {
                    search.add(PIECE, window);
                }
            }
        }
    }

    /// Runs of zeros and the like stand in unrelated files too.
    private static boolean isTelling(byte[] window) {
        boolean[] seen = new boolean[256];
        int distinct = 0;
        for (byte b : window) {
            if (!seen[b & 0xff]) {
                seen[b & 0xff] = true;
                distinct++;
            }
        }
        return window.length == WINDOW && distinct >= DISTINCT_BYTES_MIN;
    }
}
