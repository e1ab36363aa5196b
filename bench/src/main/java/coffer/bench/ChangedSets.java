package coffer.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;

/// The sets as they are after an edit. They take the place of the originals by renaming, so that every tool sees the same
/// path with another content.
final class ChangedSets {

    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 40;
    private static final int INSERTED = 1_000;
    /// Later than what is in any set.
    private static final FileTime EDITED = FileTime.from(Instant.parse("2026-06-01T12:00:00Z"));

    private final Path data;
    private final Path folder;

    ChangedSets(Path data, Path folder) {
        this.data = data;
        this.folder = folder;
    }

    /// `BLOCKS` blocks of the big file replaced by random bytes, evenly spread: about one per cent of it.
    void overwriteBlocks() throws IOException, InterruptedException {
        Path changed = folder.resolve("one-big");
        Files.createDirectories(folder);
        Shell.run(data, "cp", "-a", "one-big", changed.toString());
        Random random = new Random(1);
        byte[] block = new byte[BLOCK];
        Path file = changed.resolve("everything.tar");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long step = channel.size() / (BLOCKS + 1);
            for (int i = 1; i <= BLOCKS; i++) {
                random.nextBytes(block);
                channel.write(ByteBuffer.wrap(block), i * step);
            }
        }
        Files.setLastModifiedTime(file, EDITED);
    }

    void insertInFront() throws IOException {
        Path changed = folder.resolve("delta");
        Files.createDirectories(changed);
        byte[] inserted = new byte[INSERTED];
        new Random(2).nextBytes(inserted);
        Path file = changed.resolve("slice.tar");
        try (InputStream in = Files.newInputStream(data.resolve("delta/slice.tar"));
                OutputStream out = Files.newOutputStream(file)) {
            out.write(inserted);
            in.transferTo(out);
        }
        Files.setLastModifiedTime(file, EDITED);
    }

    /// Work that may fail in the ways of a measurement.
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    /// Runs something while the changed set stands in the original's place.
    void during(String set, Step step) throws IOException, InterruptedException {
        Path original = data.resolve(set);
        Path kept = data.resolve(set + ".original");
        Path changed = folder.resolve(set);
        Files.move(original, kept);
        Files.move(changed, original);
        try {
            step.run();
        } finally {
            Files.move(original, changed);
            Files.move(kept, original);
        }
    }
}
