package coffer.device;

import coffer.core.CofferException;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Stamp;
import coffer.seal.Content;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads files of a synced folder, and says so if one was not the same before and after.
final class DiskReader {

    /// Clocks of file systems tick: two writes within one tick leave the same times. So a file that changed less than this
    /// ago is read later.
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path top;

    DiskReader(Path top) {
        this.top = top;
    }

    /// The content of the file with that stamp, each chunk of it given to the cutter's sink; null if the file was not, or
    /// did not stay, the one that is meant.
    Content.@Nullable FileContent read(LocalPath path, Stamp expected, ContentCutter cutter) throws CofferException {
        try (OpenFolder folder = path.isTop() ? null : OpenFolder.open(top, path.parent().names())) {
            return folder == null ? null : read(folder, path.last(), expected, cutter);
        } catch (IOException e) {
            if (DiskFailures.isAbsent(e)) {
                return null;
            }
            throw DiskFailures.of(e);
        }
    }

    private static Content.@Nullable FileContent read(OpenFolder folder, String name, Stamp expected, ContentCutter cutter)
            throws IOException, CofferException {
        DiskStat before = folder.stat(name);
        if (before != null) {
            awaitTick(before.stat());
            before = folder.stat(name);
        }
        if (before == null || before.stat().kind() != LocalStat.Kind.FILE || !before.stamp().equals(expected)) {
            return null;
        }
        try (SeekableByteChannel channel =
                Files.newByteChannel(folder.child(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            Content.FileContent content = cutter.read(channel, before.stat().size());
            DiskStat after = folder.stat(name);
            boolean same = after != null && after.stat().isSameAs(before.stat()) && content.size() == before.stat().size();
            return same ? content : null;
        }
    }

    private static void awaitTick(LocalStat stat) throws CofferException {
        long nowNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        long waitNs = stat.ctimeNs() + TICK_NS - nowNs;
        if (waitNs > 0 && waitNs <= TICK_NS) {
            try {
                TimeUnit.NANOSECONDS.sleep(waitNs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Stop.now();
            }
        }
    }
}
