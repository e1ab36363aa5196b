package coffer.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Objects as files of one folder:
///
/// ```
/// root/lock             held while the store is open
/// root/incoming/*.part  objects being written; whatever lies here at opening is the rest of a crash and is removed
/// root/objects/ab/ab…   whole objects, in a folder named by their first two characters
/// ```
///
/// A put writes to `incoming`, forces the file, renames it and forces the folder, so that a name in `objects` always
/// stands for a whole, durable object. Paths are made of checked hex only and links are never followed below the
/// root, so nothing outside it is read or written. Whoever may write in the root folder can damage objects, and that
/// is found when they are read.
public final class DirectoryStore implements ObjectStore {

    /// A sensible room to leave free: a full disk also stops the databases and logs that lie beside the objects.
    public static final long RESERVE_BYTES = 256L << 20;

    private static final List<String> FULL =
            List.of("no space left", "quota exceeded", "not enough space", "file too large");
    private static final int BUFFER_BYTES = 128 << 10;
    private static final int SHARD_LENGTH = 2;

    private final Path incoming;
    private final Path objects;
    private final FileChannel lock;
    private final long reserveBytes;
    private final Disk disk;
    private final ConcurrentHashMap<Path, Boolean> knownShards = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private DirectoryStore(Path root, FileChannel lock, long reserveBytes, Disk disk) {
        this.incoming = root.resolve("incoming");
        this.objects = root.resolve("objects");
        this.lock = lock;
        this.reserveBytes = reserveBytes;
        this.disk = disk;
    }

    /// Opens the store in `root`, creating the folder if its parent exists, and removes what a crash left.
    ///
    /// @param reserveBytes a put that would leave less free space than this ends in [StoreFull]
    /// @throws StoreRefused of reason `PLACE` if another store has the folder open or it cannot be used
    public static DirectoryStore open(Path root, long reserveBytes) throws StoreException {
        return open(root, reserveBytes, Disk.REAL);
    }

    static DirectoryStore open(Path root, long reserveBytes, Disk disk) throws StoreException {
        try {
            createFolder(root);
            Path real = root.toRealPath();
            FileChannel lock = lock(real.resolve("lock"));
            try {
                var store = new DirectoryStore(real, lock, reserveBytes, disk);
                store.prepare(real);
                return store;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreRefused(StoreRefused.Reason.PLACE, e);
        }
    }

    private void prepare(Path root) throws IOException {
        createFolder(incoming);
        createFolder(objects);
        disk.forceFolder(root);
        try (DirectoryStream<Path> rests = Files.newDirectoryStream(incoming, "*.part")) {
            for (Path rest : rests) {
                Files.deleteIfExists(rest);
            }
        }
    }

    private static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(folder);
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new StoreRefused(StoreRefused.Reason.PLACE, e);
        }
        channel.close();
        throw new StoreRefused(StoreRefused.Reason.PLACE);
    }

    @Override
    public void put(ObjectName name, long size, Content content) throws StoreException, IOException {
        requireOpen();
        try (var in = new ContentStream(content, name, size)) {
            Path part = incoming.resolve(UUID.randomUUID() + ".part");
            try {
                requireRoom(size);
                write(in, part);
                publish(part, name);
            } catch (IOException e) {
                throw in.failure() != null ? e : failure(e);
            } catch (ReadOnlyFileSystemException e) {
                throw new StoreRefused(StoreRefused.Reason.ACCESS, e);
            } finally {
                deleteQuietly(part);
            }
        }
    }

    private void requireRoom(long size) throws IOException {
        if (reserveBytes > 0 && Files.getFileStore(incoming).getUsableSpace() - size < reserveBytes) {
            throw new StoreFull();
        }
    }

    private void write(ContentStream in, Path part) throws IOException {
        try (Disk.NewFile file = disk.create(part)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            // Whole buffers: what comes over a network comes in small pieces, and each write has its price.
            for (int count = in.readNBytes(buffer, 0, buffer.length); count > 0; count = in.readNBytes(buffer, 0, buffer.length)) {
                file.write(ByteBuffer.wrap(buffer, 0, count));
            }
            file.force();
        }
    }

    private void publish(Path part, ObjectName name) throws IOException {
        Path shard = shard(name);
        if (!knownShards.containsKey(shard)) {
            makeShard(shard);
        }
        disk.move(part, shard.resolve(name.text()));
        try {
            disk.forceFolder(shard);
        } catch (IOException e) {
            // The object has its name already, so whatever the cause, it may be there after a crash or not.
            throw new StoreUnavailable("the disk of the store failed", e);
        }
    }

    private void makeShard(Path shard) throws IOException {
        if (!Files.isDirectory(shard, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(shard);
            } catch (IOException e) {
                // Another put may have made it meanwhile; a link or a file in its place is not ours to use.
                if (!Files.isDirectory(shard, LinkOption.NOFOLLOW_LINKS)) {
                    throw e;
                }
            }
        }
        disk.forceFolder(objects);
        knownShards.put(shard, true);
    }

    @Override
    public StoredStream get(ObjectName name) throws StoreException {
        FileChannel channel = openObject(name);
        try {
            long size = channel.size();
            return CheckedStream.whole(Channels.newInputStream(channel), name, size);
        } catch (IOException e) {
            closeQuietly(channel);
            throw failure(e);
        }
    }

    @Override
    public StoredStream get(ObjectName name, ByteRange range) throws StoreException {
        FileChannel channel = openObject(name);
        try {
            long size = channel.size();
            if (range.end() > size) {
                throw new StoreRefused(StoreRefused.Reason.RANGE);
            }
            channel.position(range.offset());
            var raw = new BoundedStream(Channels.newInputStream(channel), range.length());
            return CheckedStream.range(raw, range.length(), size);
        } catch (IOException e) {
            closeQuietly(channel);
            throw failure(e);
        }
    }

    private FileChannel openObject(ObjectName name) throws StoreException {
        requireOpen();
        Path shard = shard(name);
        if (!Files.isDirectory(shard, LinkOption.NOFOLLOW_LINKS)) {
            throw missing();
        }
        try {
            return FileChannel.open(
                    shard.resolve(name.text()), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw missing();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// An object is missing only if the folder of objects is there: a disk that is not mounted is not an empty store.
    private StoreException missing() {
        return Files.isDirectory(objects, LinkOption.NOFOLLOW_LINKS)
                ? new ObjectMissing()
                : new StoreUnavailable("the folder of the store is not there");
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectName name) throws StoreException {
        try (FileChannel channel = openObject(name)) {
            return Optional.of(new ObjectInfo(name, channel.size()));
        } catch (ObjectMissing e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void delete(ObjectName name) throws StoreException {
        requireOpen();
        Path shard = shard(name);
        if (!Files.isDirectory(shard, LinkOption.NOFOLLOW_LINKS)) {
            requireObjects();
            return;
        }
        try {
            Files.deleteIfExists(shard.resolve(name.text()));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) throws StoreException {
        Listing.requireArguments(prefix, after, limit);
        requireOpen();
        requireObjects();
        var found = new ArrayList<ObjectInfo>();
        String first = Listing.first(prefix, after).text().substring(0, SHARD_LENGTH);
        try {
            for (String shard : names(objects)) {
                if (shard.length() == SHARD_LENGTH && ObjectName.isPrefix(shard) && shard.compareTo(first) >= 0) {
                    listShard(objects.resolve(shard), prefix, after, limit, found);
                }
                if (found.size() == limit) {
                    break;
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
        return List.copyOf(found);
    }

    private static void listShard(Path shard, String prefix, String after, int limit, List<ObjectInfo> found)
            throws IOException {
        if (!Files.isDirectory(shard, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        String shardName = shard.getFileName().toString();
        for (String name : names(shard)) {
            if (found.size() == limit) {
                return;
            }
            if (ObjectName.isName(name)
                    && name.startsWith(shardName)
                    && name.startsWith(prefix)
                    && name.compareTo(after) > 0) {
                addFile(shard.resolve(name), found);
            }
        }
    }

    private static void addFile(Path file, List<ObjectInfo> found) throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
                found.add(new ObjectInfo(ObjectName.parse(file.getFileName().toString()), attributes.size()));
            }
        } catch (NoSuchFileException e) {
            // Deleted since its folder was read: it does not appear.
            return;
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly(lock);
    }

    private Path shard(ObjectName name) {
        return objects.resolve(name.text().substring(0, SHARD_LENGTH));
    }

    private void requireOpen() throws StoreUnavailable {
        if (closed) {
            throw new StoreUnavailable("the store is closed");
        }
    }

    private void requireObjects() throws StoreException {
        if (missing() instanceof StoreUnavailable unavailable) {
            throw unavailable;
        }
    }

    private static StoreException failure(IOException e) {
        return switch (e) {
            case StoreException known -> known;
            case AccessDeniedException _ -> new StoreRefused(StoreRefused.Reason.ACCESS, e);
            case IOException _ when isDiskFull(e) -> new StoreFull(e);
            default -> new StoreUnavailable("the disk of the store failed", e);
        };
    }

    /// The platform tells a full disk, an exhausted quota or a limit on the size of files only by its text.
    private static boolean isDiskFull(IOException e) {
        String text = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        if (text == null) {
            return false;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return FULL.stream().anyMatch(lower::contains);
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It stays in `incoming`, where it is not an object, until the store is opened again.
            return;
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Opened for reading or as a lock only: nothing can be lost.
            return;
        }
    }
}
