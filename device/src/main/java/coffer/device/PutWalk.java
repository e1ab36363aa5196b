package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.NodeId;
import coffer.seal.Content;
import coffer.seal.Names;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Walks the sources of one put, compares them with the vault, and has read what is new.
///
/// A folder's own operation is added before anything in it is looked at. Symbolic links are stored as links and never
/// followed. Nothing is held for a folder but one block of its names.
final class PutWalk {

    /// Reading waits for the disk, so more threads than cores; each has [#SMALL_MAX] bytes of buffer.
    private static final int THREADS = 16;

    /// Files up to this size are one chunk, read whole.
    static final int SMALL_MAX = coffer.seal.Chunker.CHUNK_SIZE_MIN;

    /// Names of a folder that are looked at together.
    private static final int BLOCK = 2_048;

    /// Files that wait for packs to be stored; above this, packs are closed before they are full.
    private static final int WAITING_MAX = 20_000;

    /// Threads that ask the replica about folders at once.
    private static final int LOOKUPS_MAX = 2;

    /// A folder in the vault; `num` is -1 while it is not in the replica.
    record Target(NodeId id, long num) {}

    /// A node that is where a local file goes, and what the file looked like when its state was taken.
    record Known(Nodes.Node node, @Nullable LocalStat seen) {}

    /// A local file and what it goes to.
    record Item(Path path, String name, LocalStat stat, NodeId parent, @Nullable Known known) {}

    /// Of one thread.
    static final class Worker {
        final byte[] small = new byte[SMALL_MAX + 1];
    }

    private final Replica replica;
    private final VaultAccess vault;
    private final Committer committer;
    private final PutTally tally;
    private final Progress progress;
    private final RandomSource random;
    private final WorkPool<Worker> pool;
    private final PutFiles files;
    private final PackPipeline packs;
    private final Failures failures;
    private final Semaphore lookups = new Semaphore(LOOKUPS_MAX);
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Committer.Ready> unchangedButUnseen = new ArrayList<>(); // guarded by itself

    PutWalk(
            Replica replica,
            VaultAccess vault,
            PackPipeline packs,
            Committer committer,
            Failures failures,
            PutTally tally,
            Progress progress,
            RandomSource random,
            InstantSource clock) {
        this.replica = replica;
        this.vault = vault;
        this.committer = committer;
        this.tally = tally;
        this.progress = progress;
        this.random = random;
        this.packs = packs;
        this.failures = failures;
        this.pool = new WorkPool<>(failures);
        this.files = new PutFiles(this, packs, vault.dedup().chunker(), pool, clock, failures);
    }

    void run(List<Path> sources, Target into) throws CofferException {
        List<Path> resolved = new ArrayList<>();
        for (Path source : sources) {
            try {
                resolved.add(Ingest.source(source));
            } catch (CofferException e) {
                tally.problem(source.toString(), e.code(), "It cannot be read.");
            }
        }
        ArrayDeque<WorkPool.Task<Worker>> first = new ArrayDeque<>();
        List<Path> named = new ArrayList<>();
        for (Path source : resolved) {
            if (source.getFileName() == null) {
                first.add(worker -> folder(worker, source, into)); // the root of the file system has no name
            } else {
                named.add(source);
            }
        }
        Set<String> taken = new HashSet<>();
        first.add(worker -> {
            for (int from = 0; from < named.size(); from += BLOCK) {
                block(worker, named.subList(from, Math.min(named.size(), from + BLOCK)), into, false, taken);
            }
        });
        pool.start(first);
        pool.run(THREADS, Worker::new);
    }

    /// Notes what files looked like that were read again and had not changed.
    void rememberUnchanged() throws CofferException {
        synchronized (unchangedButUnseen) {
            if (!unchangedButUnseen.isEmpty()) {
                replica.db().write(tx -> {
                    Vaults.Ref ref = Vaults.findOrAdd(tx, vault.id());
                    try (Tx.Batch rows = StatCache.rows(tx)) {
                        for (Committer.Ready item : unchangedButUnseen) {
                            if (item.seen() != null) {
                                StatCache.remember(rows, ref, item.operation().node(), item.seen());
                            }
                        }
                    }
                    return null;
                });
                unchangedButUnseen.clear();
            }
        }
    }

    private void folder(Worker worker, Path folder, Target target) throws CofferException {
        Set<String> taken = new HashSet<>(); // names that normalising may have made equal, and no others
        List<Path> block = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            boolean whole = true;
            for (Path child : children) {
                block.add(child);
                if (block.size() == BLOCK) {
                    whole = false;
                    block(worker, block, target, false, taken);
                    block.clear();
                }
            }
            if (!block.isEmpty()) {
                block(worker, block, target, whole, taken);
            }
        } catch (DirectoryIteratorException e) {
            unreadable(folder, new IOException(e));
        } catch (IOException e) {
            unreadable(folder, e);
        }
    }

    /// Looks at some children of a folder; `whole` if these are all, so that asking for all its nodes pays.
    private void block(Worker worker, List<Path> paths, Target target, boolean whole, Set<String> taken)
            throws CofferException {
        List<Item> items = new ArrayList<>(paths.size());
        for (Path path : paths) {
            LocalStat stat = stat(path);
            String name = stat == null ? null : vaultName(path, taken);
            if (stat != null && name != null) {
                items.add(new Item(path, name, stat, target.id(), null));
            }
        }
        Map<String, Known> known = target.num() < 0 ? Map.of() : known(target.num(), items, whole);
        for (Item item : items) {
            Known there = known.get(item.name);
            decide(worker, new Item(item.path, item.name, item.stat, item.parent, there));
        }
    }

    private @Nullable LocalStat stat(Path path) {
        try {
            LocalStat stat = LocalStat.of(path);
            if (stat.kind() == LocalStat.Kind.OTHER) {
                tally.problem(path.toString(), ErrorCode.LOCAL, "Not a file, folder or link; left out.");
                return null;
            }
            return stat;
        } catch (IOException e) {
            unreadable(path, e);
            return null;
        }
    }

    /// The name that a local file gets in the vault, or null where it can have none.
    private @Nullable String vaultName(Path path, Set<String> taken) {
        String local = LocalNames.of(path);
        String name = NodeNames.normalize(local);
        if (LocalNames.isEscaped(name)) {
            tally.problem(path.toString(), ErrorCode.UNSAFE_NAME, "Its name is no text; it is kept in an escaped form.");
        }
        if (!Names.isAcceptable(name)) {
            tally.problem(path.toString(), ErrorCode.UNSAFE_NAME, "Its name is too long for a vault; left out.");
            return null;
        }
        if (NodeNames.isAscii(name) || taken.add(name)) {
            return name;
        }
        tally.problem(path.toString(), ErrorCode.UNSAFE_NAME, "Its name equals another's; it is kept under a longer one.");
        return NodeNames.withMark(name, Hash.of(local.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8));
    }

    private Map<String, Known> known(long parent, List<Item> items, boolean whole) throws CofferException {
        lookups.acquireUninterruptibly();
        try {
            return replica.read(vault.id(), (tx, ref) -> {
                Map<String, Known> known = new HashMap<>();
                if (whole && allOf(tx, parent, items.size(), known)) {
                    return known;
                }
                known.clear();
                for (Item item : items) {
                    try (Tx.Rows rows = tx.query(KNOWN + " AND n.name = ?", parent, item.name)) {
                        if (rows.next()) {
                            known.put(item.name, read(rows));
                        }
                    }
                }
                return known;
            });
        } finally {
            lookups.release();
        }
    }

    private static final String KNOWN = "SELECT n.num, n.id, n.parent, n.name, n.kind, n.size, n.mtime_ns, n.flags, n.seq,"
            + " s.seq, s.inode, s.size, s.mtime_ns, s.ctime_ns FROM node n LEFT JOIN stat s ON s.node = n.num"
            + " WHERE n.parent = ? AND n.trashed IS NULL";

    /// All children at once; false where there are so many more than asked for that it does not pay.
    private static boolean allOf(Tx tx, long parent, int expected, Map<String, Known> known) throws SQLException {
        int rowsMax = 64 + 4 * expected;
        try (Tx.Rows rows = tx.query(KNOWN + " LIMIT ?", parent, rowsMax + 1)) {
            while (rows.next()) {
                Known one = read(rows);
                known.put(one.node.name(), one);
            }
        }
        return known.size() <= rowsMax;
    }

    private static Known read(Tx.Rows rows) throws SQLException {
        Nodes.Node node = new Nodes.Node(
                rows.number(1), NodeId.of(rows.bytes(2)), rows.number(3), rows.text(4), Vaults.kind(rows.integer(5)),
                rows.number(6), rows.number(7), rows.integer(8), rows.number(9));
        // A note on an older state of the node says nothing about this one; without a note the column is 0.
        LocalStat seen = rows.number(10) != node.seq() || node.seq() == 0
                ? null
                : new LocalStat(
                        LocalStat.Kind.FILE, rows.number(11), rows.number(12), rows.number(13), rows.number(14),
                        node.isExecutable());
        return new Known(node, seen);
    }

    private void decide(Worker worker, Item item) throws CofferException {
        Stop.check(progress);
        Known known = item.known;
        if (known != null && known.node.kind() != kind(item.stat.kind())) {
            committer.add(new Committer.Ready(new Operation.Remove(known.node.id()), null));
            item = new Item(item.path, item.name, item.stat, item.parent, null);
        }
        switch (item.stat.kind()) {
            case FOLDER -> decideFolder(worker, item);
            case SYMLINK -> decideLink(item);
            case FILE -> decideFile(worker, item);
            case OTHER -> throw new IllegalStateException("left out before");
        }
    }

    private void decideFolder(Worker worker, Item item) throws CofferException {
        Known known = item.known;
        tally.folders.incrementAndGet();
        NodeId id = known == null ? Ingest.newNodeId(random) : known.node.id();
        if (known == null || known.node.mtimeNs() != item.stat.mtimeNs()) {
            put(item, id, new Content.Folder(), null);
        }
        Target target = new Target(id, known == null ? -1 : known.node.num());
        Path path = item.path;
        pool.folder(worker, next -> folder(next, path, target));
    }

    private void decideLink(Item item) throws CofferException {
        Content.Symlink content;
        try {
            content = new Content.Symlink(Files.readSymbolicLink(item.path).toString());
        } catch (IOException e) {
            unreadable(item.path, e);
            return;
        } catch (IllegalArgumentException e) {
            tally.problem(item.path.toString(), ErrorCode.UNSAFE_NAME, "What the link points to is no text; left out.");
            return;
        }
        tally.files.incrementAndGet();
        Known known = item.known;
        if (known != null && known.node.mtimeNs() == item.stat.mtimeNs() && Arrays.equals(stored(known), StoredContent.encode(content))) {
            tally.unchanged.incrementAndGet();
            return;
        }
        put(item, known == null ? Ingest.newNodeId(random) : known.node.id(), content, null);
    }

    private void decideFile(Worker worker, Item item) throws CofferException {
        Known known = item.known;
        if (known != null
                && known.seen != null
                && item.stat.isSameAs(known.seen)
                && known.node.mtimeNs() == item.stat.mtimeNs()
                && known.node.isExecutable() == item.stat.executable()) {
            tally.files.incrementAndGet();
            tally.unchanged.incrementAndGet();
            advance(item.stat.size());
            return;
        }
        pool.file(worker, next -> files.read(next, item, 1));
    }

    /// A file has been read: its state goes into the vault unless it is there already.
    void fileIsRead(Item item, LocalStat stat, Content.FileContent content, boolean settled) throws CofferException {
        tally.files.incrementAndGet();
        Known known = item.known;
        LocalStat seen = settled ? stat : null;
        if (known != null
                && known.node.mtimeNs() == stat.mtimeNs()
                && known.node.isExecutable() == stat.executable()
                && known.node.size() == content.size()
                && Arrays.equals(stored(known), StoredContent.encode(content))) {
            tally.unchanged.incrementAndGet();
            if (seen == null) {
                return;
            }
            synchronized (unchangedButUnseen) {
                unchangedButUnseen.add(new Committer.Ready(operation(item, known.node.id(), stat, content), seen));
                if (unchangedButUnseen.size() >= 4_096) {
                    rememberUnchanged();
                }
            }
            return;
        }
        NodeId id = known == null ? Ingest.newNodeId(random) : known.node.id();
        committer.add(new Committer.Ready(operation(item, id, stat, content), seen));
    }

    private byte @Nullable [] stored(Known known) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> new Nodes(tx, ref).content(known.node.num()));
    }

    private void put(Item item, NodeId id, Content content, @Nullable LocalStat seen) throws CofferException {
        committer.add(new Committer.Ready(operation(item, id, item.stat, content), seen));
    }

    private static Operation operation(Item item, NodeId id, LocalStat stat, Content content) {
        return new Operation.Put(id, item.parent, item.name, stat.mtimeNs(), stat.executable(), content);
    }

    /// A file begins to wait for its packs; too many of them have to wait until some are stored.
    void begins() throws CofferException {
        waiting.incrementAndGet();
        while (waiting.get() > WAITING_MAX) {
            packs.flush();
            failures.check();
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Stop.now();
            }
        }
    }

    void ends() {
        waiting.decrementAndGet();
    }

    void advance(long bytes) {
        progress.update("put", tally.bytes.addAndGet(bytes), -1, Progress.Unit.BYTES);
    }

    void unreadable(Path path, IOException e) {
        String message = switch (e) {
            case NoSuchFileException _ -> "It vanished while it was read.";
            case AccessDeniedException _ -> "Its permissions forbid reading it.";
            default -> "It cannot be read.";
        };
        tally.problem(path.toString(), ErrorCode.LOCAL, message);
    }

    void changing(Path path) {
        tally.problem(path.toString(), ErrorCode.LOCAL, "It changed each time it was read; left out.");
    }

    private static Device.NodeKind kind(LocalStat.Kind kind) {
        return switch (kind) {
            case FILE -> Device.NodeKind.FILE;
            case FOLDER -> Device.NodeKind.FOLDER;
            case SYMLINK -> Device.NodeKind.SYMLINK;
            case OTHER -> throw new IllegalStateException("left out before");
        };
    }
}
