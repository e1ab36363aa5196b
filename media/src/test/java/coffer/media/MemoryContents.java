package coffer.media;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.device.Contents;
import coffer.device.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A vault's files in memory.
public final class MemoryContents implements Contents {

    private record Stored(Item item, byte[] bytes) {}

    private final Map<String, Stored> files = new TreeMap<>();
    private final Path home;
    private long position = 1;

    /// Fails the deposit after that many files, to see what an interruption leaves.
    public int failAfter = Integer.MAX_VALUE;

    /// Files whose bytes nobody should need.
    public java.util.function.Predicate<String> unreadable = _ -> false;

    public MemoryContents(Path home) {
        this.home = home;
    }

    public synchronized Hash put(String path, Instant modified, byte[] bytes) {
        position++;
        Stored before = files.get(path);
        String node = before == null
                ? Hash.of((path + position).getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32)
                : before.item.node();
        Hash content = Hash.of(bytes);
        files.put(path, new Stored(new Item(node, path, bytes.length, modified, position, content), bytes.clone()));
        return content;
    }

    public synchronized void remove(String path) {
        position++;
        files.remove(path);
    }

    public synchronized List<String> paths() {
        return List.copyOf(files.keySet());
    }

    public synchronized byte[] bytes(String path) {
        Stored stored = files.get(path);
        if (stored == null) {
            throw new AssertionError("nothing at " + path);
        }
        return stored.bytes.clone();
    }

    @Override
    public synchronized long position() {
        return position;
    }

    @Override
    public synchronized long files(String path, Consumer<Item> each) {
        String below = path.equals("/") ? "/" : path + "/";
        new ArrayList<>(files.values()).stream()
                .filter(stored -> stored.item.path().startsWith(below) || stored.item.path().equals(path))
                .forEach(stored -> each.accept(stored.item));
        return position;
    }

    @Override
    public Optional<News> since(long since) {
        return Optional.empty();
    }

    @Override
    public synchronized Optional<Item> find(String path) {
        return Optional.ofNullable(files.get(path.replaceAll("/+", "/"))).map(Stored::item);
    }

    @Override
    public synchronized Optional<Item> findNode(String node) {
        return files.values().stream().map(Stored::item).filter(item -> item.node().equals(node)).findFirst();
    }

    @Override
    public void read(String node, long offset, long length, OutputStream out) throws CofferException {
        Item item = findNode(node).orElseThrow();
        if (unreadable.test(item.path())) {
            throw new AssertionError("read: " + item.path());
        }
        byte[] bytes = bytes(item.path());
        int from = (int) Math.min(offset, bytes.length);
        try {
            out.write(bytes, from, (int) Math.min(length, bytes.length - from));
        } catch (IOException e) {
            throw new CofferException(ErrorCode.LOCAL, "The reader of the content has gone.", e);
        }
    }

    @Override
    public void deposit(Work work, Progress progress) throws CofferException {
        work.run(new Deposit() {
            @Override
            public boolean exists(String path) {
                return find(path).isPresent();
            }

            @Override
            public Hash put(String path, Instant modified, long size, Source source) throws CofferException {
                if (failAfter-- == 0) {
                    throw new CofferException(ErrorCode.UNAVAILABLE, "Interrupted by the test.");
                }
                try (InputStream in = source.open()) {
                    return MemoryContents.this.put(path.replaceAll("/+", "/"), modified, in.readAllBytes());
                } catch (IOException e) {
                    throw new CofferException(ErrorCode.LOCAL, "What is to be stored cannot be read.", e);
                }
            }
        });
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public Path temporary() {
        return home;
    }
}
