package coffer.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps some room on the disk of the database, so that it can always be closed, checkpointed and repaired.
final class DiskGuard {

    private static final long ASK_EVERY_NANOS = 1_000_000_000L;

    private final Path folder;
    private final long reserve;
    private volatile long free = Long.MAX_VALUE;
    private volatile long askedAt;
    private volatile boolean asked;

    DiskGuard(Path folder, long reserve) {
        this.folder = folder;
        this.reserve = reserve;
    }

    /// Refuses what would add to a disk that is nearly full.
    void requireRoom() throws Problem {
        if (!hasRoom()) {
            throw Problem.of(ProblemType.DISK_FULL);
        }
    }

    boolean hasRoom() {
        return free() >= reserve;
    }

    /// Usable bytes, asked for at most once a second.
    long free() {
        long now = System.nanoTime();
        if (!asked || now - askedAt > ASK_EVERY_NANOS) {
            asked = true;
            askedAt = now;
            try {
                free = Files.getFileStore(folder).getUsableSpace();
            } catch (IOException e) {
                // A disk that cannot be asked has no room that could be promised.
                free = 0;
            }
        }
        return free;
    }
}
