package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.seal.RandomSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/// A vault with everything that works on it, in a folder of a test.
final class Workbench implements AutoCloseable {

    final Path home;
    final Path source;
    final MemoryPacks packs;
    ReplicaDb db;
    Replica replica;
    FakeVault vault;
    Ingest ingest;
    Fetch fetch;
    Tree tree;

    Workbench(Path home, int copies) throws CofferException, IOException {
        this.home = home;
        this.source = Files.createDirectories(home.resolve("source"));
        this.packs = new MemoryPacks(copies);
        open();
    }

    private void open() throws CofferException {
        db = ReplicaDb.open(home.resolve("replica.db"));
        replica = new Replica(db, InstantSource.system());
        vault = new FakeVault(replica);
        ingest = new Ingest(replica, vault, packs, RandomSource.secure(), InstantSource.system());
        fetch = new Fetch(replica, vault, packs);
        tree = new Tree(replica, vault, RandomSource.secure(), InstantSource.system());
    }

    Device.PutReport put(Path... sources) throws CofferException {
        return ingest.put(List.of(sources), "/", Progress.SILENT);
    }

    Device.GetReport get(String path, Path into) throws CofferException {
        return fetch.get(path, into, false, Progress.SILENT);
    }

    byte[] read(String path) throws CofferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fetch.read(path, Device.Piece.ALL, out);
        return out.toByteArray();
    }

    List<String> paths() throws CofferException {
        List<String> paths = new ArrayList<>();
        replica.list(vault.id(), "/", true, DeviceId::hex, node -> paths.add(node.path()));
        return paths;
    }

    Path write(String name, int size, long seed) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, random(size, seed));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_500_000_000_000L + seed));
        return file;
    }

    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// Everything below a folder that a vault keeps, as text that is equal when the folders are.
    static java.util.Map<String, String> describe(Path folder) throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        try (var paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (path.equals(folder)) {
                    continue;
                }
                String name = LocalNames.escape(path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)).substring(folder.toString().length());
                long time = Times.nanos(Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
                if (Files.isSymbolicLink(path)) {
                    all.put(name, "link " + Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path)) {
                    all.put(name, "folder " + time);
                } else {
                    all.put(name, "file " + time + " " + Files.isExecutable(path) + " " + coffer.core.Hash.of(Files.readAllBytes(path)));
                }
            }
        }
        return all;
    }

    @Override
    public void close() {
        db.close();
    }
}
