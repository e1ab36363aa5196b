package coffer.device;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.PackId;
import coffer.seal.Content;
import coffer.seal.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One get: a thread walks the tree and plans windows of files; [#THREADS] others read each window's segments by pack,
/// open every chunk once, and write it to all files that have it.
///
/// Everything is written below the given folder: names are checked again, folders on the way that are links stop the
/// descent, and no link is ever written through. Memory is bounded by one window being planned, one being written, and
/// one segment for each thread.
final class GetRun {

    /// While two open, the others wait for the network or the disk: as many as uploads, and for the same reason.
    private static final int THREADS = 8;

    /// Wanted records that are planned together; small, because files lie in packs in the order in which they are walked.
    private static final int WINDOW = 8_192;

    /// Folders whose times are set at the end; above this they are walked again.
    private static final int FOLDERS_MAX = 50_000;

    /// One file to be written.
    private static final class Job {
        final Nodes.Node node;
        final Path target;
        final Path part;
        final boolean overwrite;
        final AtomicInteger left = new AtomicInteger();
        private boolean created; // guarded by this
        volatile boolean failed;
        volatile boolean told;

        Job(Nodes.Node node, Path target, boolean overwrite) {
            this.node = node;
            this.target = target;
            this.part = LocalWriter.part(target, node);
            this.overwrite = overwrite;
        }
    }

    /// A chunk of a file: where it is read and where it is written.
    private record Piece(ChunkReader.Place place, Job job, long position) implements Segments.Wanted {
        @Override
        public long packNum() {
            return place.packNum();
        }

        @Override
        public int offset() {
            return place.offset();
        }

        @Override
        public int sealedLength() {
            return place.sealedLength();
        }
    }

    private record Folder(Path path, long mtimeNs) {}

    private final Replica replica;
    private final VaultAccess vault;
    private final PackTransfer transfer;
    private final ChunkReader reader;
    private final GetTally tally;
    private final boolean overwrite;
    private final Progress progress;
    private final Failures failures;

    private final BlockingQueue<Segments.Segment<Piece>> segments = new ArrayBlockingQueue<>(1_024);
    private final AtomicInteger unwritten = new AtomicInteger(); // pieces handed over and not written yet
    private List<Piece> window = new ArrayList<>();
    private final List<Folder> folders = new ArrayList<>();
    private boolean tooManyFolders;
    private volatile boolean planned;

    GetRun(
            Replica replica,
            VaultAccess vault,
            PackTransfer transfer,
            GetTally tally,
            boolean overwrite,
            Progress progress) {
        this.replica = replica;
        this.vault = vault;
        this.transfer = transfer;
        this.reader = new ChunkReader(replica, vault, transfer);
        this.tally = tally;
        this.overwrite = overwrite;
        this.progress = progress;
        this.failures = new Failures(progress);
    }

    void run(String path, Path directory) throws CofferException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().name("get-" + i).daemon().start(this::work));
        }
        try {
            replica.read(vault.id(), (tx, ref) -> {
                Nodes nodes = new Nodes(tx, ref);
                Nodes.Node node = nodes.require(path);
                if (node.num() == ref.root()) {
                    children(tx, ref, nodes, node, directory, false);
                } else {
                    visit(tx, ref, nodes, node, directory, false);
                }
                planWindow();
                return null;
            });
        } catch (CofferException | RuntimeException | Error e) {
            failures.add(e);
        }
        planned = true;
        join(threads);
        failures.check();
        finishFolders(path, directory);
    }

    /// @param isNew whether this run has made the folder, so that nothing can be there yet; what appears in it all the same is
    ///     noticed when the file gets its name
    private void visit(Tx tx, Vaults.Ref ref, Nodes nodes, Nodes.Node node, Path in, boolean isNew)
            throws CofferException, SQLException {
        failures.check();
        Path target = target(in, node);
        if (target == null) {
            return;
        }
        try {
            switch (node.kind()) {
                case FOLDER -> {
                    boolean there = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
                    if (there || makeFolder(target)) {
                        tally.folders.incrementAndGet();
                        noteFolder(target, node);
                        children(tx, ref, nodes, node, target, !there);
                    }
                }
                case SYMLINK -> link(nodes, node, target);
                case FILE -> file(tx, ref, nodes, node, target, !isNew && Fetch.exists(target));
            }
        } catch (IOException e) {
            cannotWrite(target);
        }
    }

    private void children(Tx tx, Vaults.Ref ref, Nodes nodes, Nodes.Node folder, Path into, boolean isNew)
            throws CofferException, SQLException {
        String after = "";
        for (List<Nodes.Node> page = nodes.children(folder.num(), after);
                !page.isEmpty();
                page = nodes.children(folder.num(), after)) {
            for (Nodes.Node child : page) {
                visit(tx, ref, nodes, child, into, isNew);
            }
            after = page.getLast().name();
        }
    }

    /// Where a node goes, or null where this platform cannot hold its name.
    private @Nullable Path target(Path in, Nodes.Node node) {
        try {
            if (Names.isAcceptable(node.name())) {
                Path target = LocalNames.resolve(in, node.name());
                if (in.equals(target.getParent())) {
                    return target;
                }
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        tally.problem(in + "/" + node.name(), ErrorCode.UNSAFE_NAME, "This name cannot be written here; left out.");
        return null;
    }

    private boolean makeFolder(Path target) throws IOException {
        if (Fetch.exists(target)) {
            tally.problem(target.toString(), ErrorCode.LOCAL, "Something that is no folder is in its place; left out.");
            return false;
        }
        Files.createDirectory(target);
        return true;
    }

    private void noteFolder(Path target, Nodes.Node node) {
        tooManyFolders |= folders.size() >= FOLDERS_MAX;
        if (!tooManyFolders) {
            folders.add(new Folder(target, node.mtimeNs()));
        }
    }

    private void link(Nodes nodes, Nodes.Node node, Path target) throws IOException, SQLException {
        Path points = Path.of(StoredContent.target(nodes.content(node.num())));
        if (Files.isSymbolicLink(target) && Files.readSymbolicLink(target).equals(points)) {
            tally.files.incrementAndGet();
            tally.alreadyThere.incrementAndGet();
            return;
        }
        if (Fetch.exists(target)) {
            if (!mayReplace(target)) {
                return;
            }
            Files.delete(target);
        }
        Files.createSymbolicLink(target, points);
        LocalWriter.setTime(target, node.mtimeNs());
        tally.files.incrementAndGet();
    }

    private boolean mayReplace(Path target) {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            tally.problem(target.toString(), ErrorCode.LOCAL, "A folder is in its place; left out.");
            return false;
        }
        if (!overwrite) {
            tally.problem(target.toString(), ErrorCode.LOCAL, "Something else is there; it was not overwritten.");
        }
        return overwrite;
    }

    private void file(Tx tx, Vaults.Ref ref, Nodes nodes, Nodes.Node node, Path target, boolean there)
            throws CofferException, IOException, SQLException {
        List<ChunkReader.Place> places;
        try {
            places = places(tx, ref, reader.chunks(StoredContent.file(node.size(), nodes.content(node.num()))));
        } catch (CofferException e) {
            if (e.code() != ErrorCode.INTEGRITY) {
                throw e;
            }
            notWhole(target);
            return;
        }
        if (there && isSame(target, node, places)) {
            LocalWriter.setExecutable(target, node.isExecutable(), Files.isExecutable(target));
            tally.files.incrementAndGet();
            tally.alreadyThere.incrementAndGet();
            advance(node.size());
            return;
        }
        if (there && !mayReplace(target)) {
            return;
        }
        Job job = new Job(node, target, there);
        if (places.isEmpty()) {
            LocalWriter.create(job.part);
            end(job);
            return;
        }
        job.left.set(places.size());
        long position = 0;
        for (ChunkReader.Place place : places) {
            window.add(new Piece(place, job, position));
            position += place.plainLength();
        }
        if (position != node.size()) {
            job.failed = true;
        }
        if (window.size() >= WINDOW) {
            planWindow();
        }
    }

    private List<ChunkReader.Place> places(Tx tx, Vaults.Ref ref, List<ChunkId> chunks) throws CofferException, SQLException {
        List<ChunkReader.Place> places = new ArrayList<>(chunks.size());
        for (ChunkId chunk : chunks) {
            places.add(reader.place(tx, ref, chunk));
        }
        return places;
    }

    /// Whether a local file is what the vault holds: by size and time first, then by its content.
    private boolean isSame(Path target, Nodes.Node node, List<ChunkReader.Place> places) throws IOException {
        LocalStat stat = LocalStat.of(target);
        if (stat.kind() != LocalStat.Kind.FILE || stat.size() != node.size() || stat.mtimeNs() != node.mtimeNs()) {
            return false;
        }
        byte[] plain = new byte[places.stream().mapToInt(ChunkReader.Place::plainLength).max().orElse(0)];
        try (SeekableByteChannel channel =
                Files.newByteChannel(target, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            for (ChunkReader.Place place : places) {
                ByteBuffer into = ByteBuffer.wrap(plain, 0, place.plainLength());
                while (into.hasRemaining() && channel.read(into) >= 0) {
                    // short reads are allowed
                }
                if (into.hasRemaining() || !vault.dedup().id(plain, 0, place.plainLength()).equals(place.id())) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Hands the planned pieces to the threads, by pack.
    private void planWindow() throws CofferException {
        List<Segments.Segment<Piece>> planned = Segments.plan(window, reader::packSize);
        window = new ArrayList<>();
        Set<PackId> packs = new LinkedHashSet<>();
        planned.forEach(segment -> packs.add(reader.pack(segment.packNum()).id()));
        transfer.announce(List.copyOf(packs));
        for (Segments.Segment<Piece> segment : planned) {
            offer(segment);
        }
    }

    /// Waits while the threads have two windows before them: planning is faster than writing.
    private void offer(Segments.Segment<Piece> segment) throws CofferException {
        try {
            while (unwritten.get() >= 2 * WINDOW) {
                failures.check();
                Thread.sleep(1);
            }
            unwritten.addAndGet(segment.records().size());
            while (!segments.offer(segment, 100, TimeUnit.MILLISECONDS)) {
                failures.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.now();
        }
    }

    private void work() {
        byte[] sealed = new byte[0];
        byte[] plain = new byte[0];
        try {
            while (!failures.any()) {
                Segments.Segment<Piece> segment = segments.poll(20, TimeUnit.MILLISECONDS);
                if (segment == null) {
                    if (planned && segments.isEmpty()) {
                        return;
                    }
                    continue;
                }
                failures.check();
                sealed = atLeast(sealed, segment.length());
                int longest = segment.records().stream().mapToInt(piece -> piece.place.plainLength()).max().orElse(0);
                plain = atLeast(plain, longest);
                write(segment, sealed, plain);
                unwritten.addAndGet(-segment.records().size());
            }
        } catch (CofferException | RuntimeException | Error e) {
            failures.add(e);
        } catch (InterruptedException e) {
            failures.add(Stop.now());
        }
    }

    private static byte[] atLeast(byte[] bytes, int size) {
        return bytes.length >= size ? bytes : new byte[size];
    }

    private void write(Segments.Segment<Piece> segment, byte[] sealed, byte[] plain) throws CofferException {
        int copy;
        try {
            copy = reader.read(segment, sealed);
        } catch (CofferException e) {
            if (e.code() != ErrorCode.INTEGRITY) {
                throw e;
            }
            copy = -1; // no copy of the pack: its chunks may lie elsewhere
        }
        ChunkReader.@Nullable Place last = null;
        int length = -1;
        for (Piece piece : segment.records()) {
            if (!piece.place.equals(last)) {
                length = open(segment, piece.place, sealed, plain, copy);
                last = piece.place;
            }
            piece(piece, plain, length);
        }
    }

    /// Length of the opened chunk, or -1 where no copy has what was written.
    private int open(Segments.Segment<Piece> segment, ChunkReader.Place place, byte[] sealed, byte[] plain, int copy)
            throws CofferException {
        try {
            return reader.open(segment, place, sealed, plain, copy);
        } catch (CofferException e) {
            if (e.code() != ErrorCode.INTEGRITY) {
                throw e;
            }
            return -1;
        }
    }

    private void piece(Piece piece, byte[] plain, int length) throws CofferException {
        Job job = piece.job;
        if (length < 0) {
            job.failed = true;
        }
        if (!job.failed) {
            try {
                writePiece(piece, plain, length);
                advance(length);
            } catch (IOException e) {
                unwritable(job, e);
            }
        }
        if (job.left.decrementAndGet() == 0) {
            end(job);
        }
    }

    private void end(Job job) throws CofferException {
        try {
            if (!job.failed) {
                finish(job);
            } else {
                Files.deleteIfExists(job.part);
                if (!job.told) {
                    notWhole(job.target);
                }
            }
        } catch (IOException e) {
            unwritable(job, e);
        }
    }

    /// One file that cannot be written is told and left out; a full disk ends the work.
    private void unwritable(Job job, IOException e) throws CofferException {
        job.failed = true;
        job.told = true;
        if (DiskFull.said(e)) {
            throw new CofferException(ErrorCode.LOCAL, "The disk to write to is full.", e);
        }
        cannotWrite(job.target);
    }

    private static void writePiece(Piece piece, byte[] plain, int length) throws IOException {
        Job job = piece.job;
        if (length == job.node.size()) {
            LocalWriter.writeWhole(job.part, plain, length);
            return;
        }
        synchronized (job) {
            if (!job.created) {
                LocalWriter.create(job.part);
                job.created = true;
            }
        }
        LocalWriter.writeAt(job.part, plain, length, piece.position);
    }

    private void finish(Job job) throws IOException {
        try {
            LocalWriter.finish(job.part, job.target, job.node, job.overwrite);
            tally.files.incrementAndGet();
        } catch (FileAlreadyExistsException e) {
            Files.deleteIfExists(job.part);
            tally.problem(job.target.toString(), ErrorCode.LOCAL, "Something appeared in its place; it was not overwritten.");
        }
    }

    private void notWhole(Path target) {
        tally.problem(target.toString(), ErrorCode.INTEGRITY, "What is stored of it is not what was written; it was not restored.");
    }

    private void cannotWrite(Path target) {
        tally.problem(target.toString(), ErrorCode.LOCAL, "It cannot be written here.");
    }

    private void advance(long bytes) {
        progress.update("get", tally.bytes.addAndGet(bytes), -1, Progress.Unit.BYTES);
    }

    /// Sets the times of folders, which writing into them has changed.
    private void finishFolders(String path, Path directory) throws CofferException {
        if (tooManyFolders) {
            folders.clear();
            finishFoldersByWalk(path, directory);
            return;
        }
        folders.sort(Comparator.comparing(Folder::path));
        for (Folder folder : folders) {
            setFolderTime(folder.path, folder.mtimeNs);
        }
    }

    private void finishFoldersByWalk(String path, Path directory) throws CofferException {
        replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node top = nodes.require(path);
            Path base = top.num() == ref.root() ? directory : target(directory, top);
            if (base != null) {
                finishFolders(nodes, top, base);
            }
            return null;
        });
    }

    private void finishFolders(Nodes nodes, Nodes.Node folder, Path at) throws SQLException {
        String after = "";
        for (List<Nodes.Node> page = nodes.children(folder.num(), after);
                !page.isEmpty();
                page = nodes.children(folder.num(), after)) {
            for (Nodes.Node child : page) {
                Path target = child.isFolder() ? target(at, child) : null;
                if (target != null) {
                    finishFolders(nodes, child, target);
                    setFolderTime(target, child.mtimeNs());
                }
            }
            after = page.getLast().name();
        }
    }

    private static void setFolderTime(Path folder, long mtimeNs) {
        try {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                LocalWriter.setTime(folder, mtimeNs);
            }
        } catch (IOException ignored) {
            // A folder with another time than it had is no loss worth a word.
        }
    }

    private void join(List<Thread> threads) throws CofferException {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add(Stop.now());
            throw Stop.now();
        }
    }
}
