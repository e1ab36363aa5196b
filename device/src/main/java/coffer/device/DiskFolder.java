package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.device.sync.LocalFolder;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Stamp;
import coffer.seal.Content;
import coffer.seal.DedupKeys;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A synced folder on a real disk. Every path is walked from the top, link by link refused ([OpenFolder]).
final class DiskFolder implements LocalFolder {

    /// Files that are read at once to be named.
    private static final int READERS_MAX = 2;

    private final Path top;
    private final String id;
    private final Supplier<DedupKeys> dedup;
    private final DiskStaging staging;
    private final DiskReader reader;
    private final DiskChanges changes;
    private final IgnoreFiles ignored;
    private final Semaphore readers = new Semaphore(READERS_MAX);
    private final Set<LocalPath> unforced = new HashSet<>(); // guarded by itself

    /// @param id     what the folder's marker says
    /// @param source brings content that should be staged and is not
    /// @param synced knows what is synced whatever is said of it
    DiskFolder(Path top, String id, Supplier<DedupKeys> dedup, DiskStaging.Source source, IgnoreFiles.Synced synced) {
        this.top = top;
        this.id = id;
        this.dedup = dedup;
        this.staging = new DiskStaging(top);
        this.reader = new DiskReader(top);
        this.ignored = new IgnoreFiles(top, synced);
        this.changes = new DiskChanges(top, staging, source, this::unforced, path -> ignored.arrived(path));
    }

    DiskStaging staging() {
        return staging;
    }

    DiskReader reader() {
        return reader;
    }

    private void unforced(LocalPath folder) {
        synchronized (unforced) {
            unforced.add(folder);
        }
    }

    /// Forces the names of all items that were placed, moved or removed: before that, nothing may be remembered of it.
    void force() throws CofferException {
        List<LocalPath> folders;
        synchronized (unforced) {
            folders = List.copyOf(unforced);
        }
        for (LocalPath folder : folders) {
            try (OpenFolder open = OpenFolder.open(top, folder.names())) {
                if (open != null) {
                    open.force();
                }
            } catch (IOException e) {
                if (!DiskFailures.isAbsent(e)) {
                    throw DiskFailures.of(e);
                }
            }
        }
        synchronized (unforced) {
            folders.forEach(unforced::remove);
        }
    }

    @Override
    public Top top() {
        return DiskMarker.top(top, id);
    }

    @Override
    public Listing list(LocalPath folder) throws CofferException {
        List<Entry> entries = new ArrayList<>();
        try (OpenFolder open = OpenFolder.open(top, folder.names())) {
            if (open == null) {
                return new Listing.Absent();
            }
            IgnoreFiles.Chain rules = ignored.chain(folder.names());
            try (DirectoryStream<Path> children = Files.newDirectoryStream(open.path())) {
                for (Path child : children) {
                    Entry entry = entry(open, folder, LocalNames.of(child), rules);
                    if (entry != null) {
                        entries.add(entry);
                    }
                }
            }
            return new Listing.Entries(entries);
        } catch (DirectoryIteratorException | IOException e) {
            return new Listing.Unreadable("This folder cannot be read, and is taken for unchanged: give yourself the right to, or name it in .cofferignore.");
        }
    }

    @Override
    public @Nullable Entry look(LocalPath path) throws CofferException {
        if (path.isTop()) {
            return null;
        }
        LocalPath parent = path.parent();
        try (OpenFolder open = OpenFolder.open(top, parent.names())) {
            return open == null ? null : entry(open, parent, path.last(), ignored.chain(parent.names()));
        } catch (IOException e) {
            if (DiskFailures.isAbsent(e)) {
                return null;
            }
            throw DiskFailures.of(e);
        }
    }

    private @Nullable Entry entry(OpenFolder folder, LocalPath parent, String name, IgnoreFiles.Chain rules)
            throws IOException, CofferException {
        if (parent.isTop() && name.equals(DiskMarker.FOLDER)) {
            return null;
        }
        DiskStat stat = folder.stat(name);
        Kind kind = stat == null ? null : stat.kind();
        if (stat == null || kind == null || ignored.ignores(rules, name, kind == Kind.FOLDER, stat.fileId())) {
            return null;
        }
        return DiskChanges.entry(folder, name, stat, kind);
    }

    /// Whether there is a folder of that path whose content nobody wants to hear of.
    boolean ignoresFolder(LocalPath path) {
        if (path.isTop()) {
            return false;
        }
        if (path.names().getFirst().equals(DiskMarker.FOLDER)) {
            return true;
        }
        LocalPath parent = path.parent();
        try (OpenFolder open = OpenFolder.open(top, parent.names())) {
            DiskStat stat = open == null ? null : open.stat(path.last());
            return stat == null
                    || stat.kind() != Kind.FOLDER
                    || ignored.ignores(ignored.chain(parent.names()), path.last(), true, stat.fileId());
        } catch (CofferException | IOException e) {
            return true; // what cannot be known is left alone
        }
    }

    @Override
    public @Nullable ContentId identify(LocalPath path, Stamp expected) throws CofferException {
        readers.acquireUninterruptibly();
        try {
            DedupKeys keys = dedup.get();
            ContentCutter cutter = new ContentCutter(
                    keys.chunker(), plain -> keys.id(plain.array(), plain.offset(), plain.length()));
            Content.FileContent content = reader.read(path, expected, cutter);
            return content == null ? null : ContentIds.of(content);
        } finally {
            readers.release();
        }
    }

    @Override
    public Outcome makeFolder(Target target) throws CofferException {
        return changes.makeFolder(target);
    }

    @Override
    public Outcome place(ContentId staged, Target target, @Nullable Stamp expected, boolean executable, long mtimeNs)
            throws CofferException {
        return changes.place(staged, target, expected, executable, mtimeNs);
    }

    @Override
    public Outcome makeLink(String link, Target target, @Nullable Stamp expected) throws CofferException {
        return changes.makeLink(link, target, expected);
    }

    @Override
    public Outcome setExecutable(LocalPath path, Stamp expected, boolean executable) throws CofferException {
        return changes.setExecutable(path, expected, executable);
    }

    @Override
    public Outcome move(LocalPath from, long fileId, Target target) throws CofferException {
        return changes.move(from, fileId, target);
    }

    @Override
    public Outcome remove(LocalPath path, Kind kind, Stamp expected) throws CofferException {
        return changes.remove(path, kind, expected);
    }

    @Override
    public long staged(ContentId content) throws CofferException {
        return staging.fileId(content);
    }

    @Override
    public void dropStaged() throws CofferException {
        staging.clear();
    }

    @Override
    public AutoCloseable watch(Consumer<Event> listener) throws CofferException {
        try {
            return DiskWatch.start(top, this, listener);
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The system does not tell what changes in a synced folder.", e);
        }
    }
}
