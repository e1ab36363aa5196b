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
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
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
    private static final String PART = "part-";

    /// So many files are forced together: alone, each waits for the file system's journal. What other programs have written
    /// is forced with them, so a few files do without.
    private static final int MANY = 16;

    private final Path top;

    /// What is staged and not yet certain to outlast a crash of the machine, and what is. Both guarded by this.
    private final Set<ContentId> unforced = new HashSet<>();
    private final Set<ContentId> forced = new HashSet<>();

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

    /// Drops all that is staged; what is being written stays.
    void clear() throws CofferException {
        synchronized (this) {
            unforced.clear();
            forced.clear();
        }
        try (OpenFolder staging = staging()) {
            for (String name : names(staging)) {
                if (!name.startsWith(PART)) {
                    Files.deleteIfExists(staging.child(name));
                }
            }
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    /// Writes content whole, and only then gives it its name. Before it leaves here it has to be forced ([#force]).
    void stage(ContentId content, Source source) throws CofferException {
        try (OpenFolder staging = staging()) {
            String part = PART + random() + random();
            boolean whole = false;
            try {
                write(staging.child(part), content, source);
                int error = staging.replace(part, staging, name(content));
                if (error != 0) {
                    throw DiskFailures.of(error);
                }
                whole = true;
                synchronized (this) {
                    unforced.add(content);
                }
            } finally {
                if (!whole) {
                    Files.deleteIfExists(staging.child(part));
                }
            }
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    /// Makes sure that staged content outlasts a crash of the machine; with much of it, for all at once.
    void force(ContentId content) throws CofferException {
        List<ContentId> together;
        synchronized (this) {
            if (forced.remove(content)) {
                return;
            }
            together = unforced.size() < MANY ? List.of() : List.copyOf(unforced);
        }
        try (OpenFolder staging = staging()) {
            boolean all = !together.isEmpty() && staging.forceFileSystem();
            if (!all) {
                forceFile(staging.child(name(content)));
            }
            synchronized (this) {
                if (all) {
                    together.forEach(unforced::remove);
                    forced.addAll(together);
                    forced.remove(content);
                }
                unforced.remove(content);
            }
        } catch (IOException e) {
            throw DiskFailures.of(e);
        }
    }

    private static void forceFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
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
        }
    }
}
