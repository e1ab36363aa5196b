package coffer.device;

import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.device.sync.plan.ContentId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Where content waits until it is whole, and items pass through while they change places: in the synced folder's own
/// `.coffer`, so on the same file system, and for the owner alone.
final class DiskStaging {

    /// Brings content.
    @FunctionalInterface
    interface Source {
        void write(ContentId content, OutputStream out) throws CofferException;
    }

    private static final int SIZE_AT = Long.BYTES;

    private final Path top;

    DiskStaging(Path top) {
        this.top = top;
    }

    /// Begins anew after a stop or a crash: half-written content goes; an item of the person's that was caught changing
    /// places comes back at the top of the folder.
    void recover() throws CofferException {
        try (OpenFolder staging = require(DiskMarker.STAGING);
                OpenFolder aside = require(DiskMarker.ASIDE);
                OpenFolder folder = requireTop()) {
            for (String name : names(staging)) {
                Files.deleteIfExists(staging.child(name));
            }
            for (String name : names(aside)) {
                DiskStat stat = aside.stat(name);
                if (stat != null && name.startsWith(Long.toHexString(stat.stat().inode()) + "-")) {
                    Files.deleteIfExists(aside.child(name)); // ours, on its way in
                } else {
                    returnToTop(aside, name, folder);
                }
            }
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    /// Nobody's place is free for it: it comes back at the top, under a name that says so.
    static void returnToTop(OpenFolder aside, String name, OpenFolder top) throws IOException {
        int error = aside.moveTo(name, top, "recovered-" + random());
        if (error != 0) {
            throw new IOException("error " + error);
        }
    }

    private static List<String> names(OpenFolder folder) throws IOException {
        List<String> names = new java.util.ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.path())) {
            children.forEach(child -> names.add(LocalNames.of(child)));
        }
        return names;
    }

    OpenFolder staging() throws IOException {
        return require(DiskMarker.STAGING);
    }

    OpenFolder aside() throws IOException {
        return require(DiskMarker.ASIDE);
    }

    OpenFolder requireTop() throws IOException {
        return require(List.of());
    }

    private OpenFolder require(String part) throws IOException {
        return require(List.of(DiskMarker.FOLDER, part));
    }

    private OpenFolder require(List<String> names) throws IOException {
        OpenFolder folder = OpenFolder.open(top, names);
        if (folder == null) {
            throw new NoSuchFileException(DiskMarker.FOLDER);
        }
        return folder;
    }

    static String random() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    static String name(ContentId content) {
        return Hash.of(content.value().toArray()).hex();
    }

    boolean has(ContentId content) throws CofferException {
        return fileId(content) != 0;
    }

    /// The file id of staged content; 0 if there is none.
    long fileId(ContentId content) throws CofferException {
        try (OpenFolder staging = staging()) {
            DiskStat stat = staging.stat(name(content));
            return stat == null ? 0 : stat.fileId();
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    void drop(ContentId content) throws CofferException {
        try (OpenFolder staging = staging()) {
            Files.deleteIfExists(staging.child(name(content)));
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    /// Writes content whole, forces it, and only then gives it its name.
    void stage(ContentId content, Source source) throws CofferException {
        try (OpenFolder staging = staging()) {
            String part = "part-" + random() + random();
            try {
                write(staging.child(part), content, source);
                int error = staging.replace(part, staging, name(content));
                if (error != 0) {
                    throw DiskFailures.of(error);
                }
            } finally {
                Files.deleteIfExists(staging.child(part));
            }
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    private static void write(Path part, ContentId content, Source source) throws IOException, CofferException {
        try (FileChannel channel =
                FileChannel.open(part, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
            if (content.value().size() > SIZE_AT + 1) { // else it is empty: nothing to bring
                OutputStream out = Channels.newOutputStream(channel);
                source.write(content, out);
                out.flush();
            }
            channel.force(true);
        }
    }
}
