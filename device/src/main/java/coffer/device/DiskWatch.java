package coffer.device;

import coffer.device.sync.LocalFolder.Event;
import coffer.device.sync.plan.LocalPath;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears from the system what changes in a synced folder, in every folder of it that is not ignored.
///
/// A folder that appears is watched first and told after, so whoever looks then misses nothing. A folder that was renamed
/// keeps its watch under its new path, because watching it again gives the same key. When the system cannot tell all,
/// be it once or because too much is to be watched, everything has to be looked at.
final class DiskWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);

    private final Path top;
    private final DiskFolder folder;
    private final Consumer<Event> listener;
    private final WatchService service;
    private final Thread thread;
    private final Map<WatchKey, LocalPath> paths = new HashMap<>(); // of the watching thread

    private DiskWatch(Path top, DiskFolder folder, Consumer<Event> listener) throws IOException {
        this.top = top;
        this.folder = folder;
        this.listener = listener;
        this.service = top.getFileSystem().newWatchService();
        this.thread = Thread.ofPlatform().daemon().name("watch").unstarted(this::run);
    }

    static DiskWatch start(Path top, DiskFolder folder, Consumer<Event> listener) throws IOException {
        DiskWatch watch = new DiskWatch(top, folder, listener);
        try {
            watch.add(LocalPath.TOP);
        } catch (IOException e) {
            watch.service.close();
            throw e;
        }
        watch.thread.start();
        return watch;
    }

    private Path path(LocalPath at) {
        Path path = top;
        for (String name : at.names()) {
            path = LocalNames.resolve(path, name);
        }
        return path;
    }

    /// Watches a folder and all below it.
    private void add(LocalPath at) throws IOException {
        Path path = path(at);
        WatchKey key = path.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_DELETE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        paths.put(key, at);
        List<LocalPath> below = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
            for (Path child : children) {
                LocalPath one = at.child(LocalNames.of(child));
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) && !folder.ignoresFolder(one)) {
                    below.add(one);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        for (LocalPath one : below) {
            addIfThere(one);
        }
    }

    private void addIfThere(LocalPath at) throws IOException {
        try {
            add(at);
        } catch (IOException e) {
            // Gone again, or not to be read: nothing there to be told. A limit of the system says so elsewhere.
            if (String.valueOf(e.getMessage()).contains("limit")) {
                throw e;
            }
        }
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                LocalPath at = paths.get(key);
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (at != null) {
                        told(at, event);
                    }
                }
                if (!key.reset()) {
                    paths.remove(key);
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("watching ends");
        }
    }

    private void told(LocalPath at, WatchEvent<?> event) {
        if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
            watchAll();
            listener.accept(new Event.Lost());
            return;
        }
        LocalPath path = event.context() instanceof Path name ? at.child(LocalNames.of(name)) : at;
        if (path.isTop() || path.names().getFirst().equals(DiskMarker.FOLDER)) {
            return;
        }
        boolean appeared = event.kind().equals(StandardWatchEventKinds.ENTRY_CREATE);
        if (appeared && !folder.ignoresFolder(path)) {
            try {
                addIfThere(path);
            } catch (IOException e) {
                tooMuch(e);
            }
        }
        if (path.last().equals(IgnoreRules.FILE)) {
            watchAll(); // a folder may be ignored no more
            listener.accept(new Event.Lost());
        }
        listener.accept(new Event.Changed(path));
    }

    /// Folders may have come unseen.
    private void watchAll() {
        try {
            addIfThere(LocalPath.TOP);
        } catch (IOException e) {
            tooMuch(e);
        }
    }

    private void tooMuch(IOException e) {
        LOG.warn("not every folder can be watched; the rescan finds what changes there", e);
        listener.accept(new Event.Lost());
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
