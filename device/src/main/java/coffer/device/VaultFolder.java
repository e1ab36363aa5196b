package coffer.device;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.core.log.Head;
import coffer.device.sync.RemoteVault;
import coffer.device.sync.plan.Change;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.RemoteNode;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.PackAdded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The vault's side of a synced folder, on the replica and the log of a real vault.
final class VaultFolder implements RemoteVault {

    /// Asks for news and applies it.
    @FunctionalInterface
    interface Refresh {
        void run() throws CofferException;
    }

    /// Estimated bytes of a body: an entry holds 1 MiB with header, padding and sealing.
    private static final long BODY_BYTES_MAX = 640 << 10;

    /// Files above this size come few at a time: each needs large buffers.
    private static final long SMALL_MAX = 1 << 20;

    /// Each holds a piece of a pack.
    private static final int FETCHES_MAX = 12;

    private final Replica replica;
    private final VaultAccess vault;
    private final Refresh refresh;
    private final Fetch fetch;
    private final VaultUploads uploads;
    private final DiskStaging staging;
    private final VaultChanges changes;
    private final Function<Runnable, AutoCloseable> listeners;
    private final Semaphore large = new Semaphore(2);
    private final Semaphore all = new Semaphore(FETCHES_MAX);

    /// @param listeners lets a listener hear when there may be news
    VaultFolder(
            Replica replica,
            VaultAccess vault,
            NodeId top,
            Refresh refresh,
            Fetch fetch,
            VaultUploads uploads,
            DiskStaging staging,
            Function<Runnable, AutoCloseable> listeners) {
        this.replica = replica;
        this.vault = vault;
        this.refresh = refresh;
        this.fetch = fetch;
        this.uploads = uploads;
        this.staging = staging;
        this.changes = new VaultChanges(replica, vault.id(), top);
        this.listeners = listeners;
    }

    @Override
    public Changes changes(long sincePosition) throws CofferException {
        refresh.run();
        return changes.since(sincePosition);
    }

    @Override
    public List<NodeId> append(Batch batch) throws CofferException {
        Set<NodeId> refused = new HashSet<>();
        Set<Long> own = new HashSet<>();
        Set<ContentId> missing = missing(batch);
        List<List<Change>> part = new ArrayList<>();
        long bytes = 0;
        for (List<Change> group : batch.groups()) {
            if (group.stream().anyMatch(change -> needs(change, missing))) {
                group.forEach(change -> refused.add(change.node()));
                continue;
            }
            long size = group.stream().mapToLong(VaultFolder::size).sum();
            if (!part.isEmpty() && bytes + size > BODY_BYTES_MAX) {
                commit(batch.position(), part, own, refused);
                part.clear();
                bytes = 0;
            }
            part.add(group);
            bytes += size;
        }
        if (!part.isEmpty()) {
            commit(batch.position(), part, own, refused);
        }
        return List.copyOf(refused);
    }

    private Set<ContentId> missing(Batch batch) throws CofferException {
        List<ContentId> contents = batch.groups().stream()
                .flatMap(List::stream)
                .filter(change -> change instanceof Change.Put put && put.kind() == Kind.FILE)
                .map(change -> ((Change.Put) change).content())
                .distinct()
                .toList();
        Set<ContentId> missing = uploads.missing(contents);
        return missing.isEmpty() ? missing : uploads.storeAgain(missing);
    }

    private static boolean needs(Change change, Set<ContentId> missing) {
        return change instanceof Change.Put put && put.kind() == Kind.FILE && missing.contains(put.content());
    }

    private static long size(Change change) {
        return change instanceof Change.Put put ? 64 + put.name().length() * 3L + put.content().value().size() * 2L : 20;
    }

    /// Packs go first where they do not fit beside the changes.
    private void commit(long position, List<List<Change>> groups, Set<Long> own, Set<NodeId> refused) throws CofferException {
        List<PackAdded> packs = new ArrayList<>(uploads.uncommitted());
        long bytes = groups.stream().flatMap(List::stream).mapToLong(VaultFolder::size).sum();
        long packBytes = packs.stream().mapToLong(VaultFolder::size).sum();
        while (packBytes > 0 && bytes + packBytes > BODY_BYTES_MAX) {
            List<PackAdded> now = new ArrayList<>();
            long nowBytes = 0;
            while (!packs.isEmpty() && (now.isEmpty() || nowBytes + size(packs.getLast()) <= BODY_BYTES_MAX)) {
                nowBytes += size(packs.getLast());
                now.add(packs.removeLast());
            }
            commit(position, List.of(), now, own, refused);
            packBytes -= nowBytes;
        }
        commit(position, groups, packs, own, refused);
    }

    private static long size(PackAdded pack) {
        return 80 + 46L * pack.contents().chunks().size();
    }

    private void commit(
            long position, List<List<Change>> groups, List<PackAdded> packs, Set<Long> own, Set<NodeId> refused)
            throws CofferException {
        Set<NodeId> not = new HashSet<>();
        boolean[] appended = {false};
        Head head = vault.commit(() -> {
            not.clear();
            not.addAll(refused);
            CommitBody body = body(position, groups, packs, own, not);
            appended[0] = body != null;
            return body == null ? null : new VaultAccess.Plan(body, List.of());
        });
        if (appended[0]) {
            own.add(head.sequence());
        }
        refused.addAll(not);
        uploads.committed(packs, contents(groups, not));
    }

    private static List<ContentId> contents(List<List<Change>> groups, Set<NodeId> not) {
        List<ContentId> contents = new ArrayList<>();
        for (List<Change> group : groups) {
            for (Change change : group) {
                if (change instanceof Change.Put put && put.kind() == Kind.FILE && !not.contains(put.node())) {
                    contents.add(put.content());
                }
            }
        }
        return contents;
    }

    /// What fits the newest state; null if nothing is left to append.
    private @Nullable CommitBody body(
            long position, List<List<Change>> groups, List<PackAdded> packs, Set<Long> own, Set<NodeId> refused)
            throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            long newest = VaultChanges.position(tx, ref);
            Set<NodeId> others =
                    replica.recent().between(vault.id(), position, newest, sequence -> !own.contains(sequence));
            VaultGuard guard = new VaultGuard(tx, ref, others, refused);
            List<Operation> operations = new ArrayList<>();
            for (List<Change> group : groups) {
                operations.addAll(guard.apply(group));
            }
            ChunkIndex index = new ChunkIndex(tx, ref);
            List<PackAdded> added = new ArrayList<>();
            for (PackAdded pack : packs) {
                if (!index.holds(pack.id())) {
                    added.add(pack);
                }
            }
            added.sort(Comparator.comparing(PackAdded::id));
            return operations.isEmpty() && added.isEmpty() ? null : new CommitBody(operations, added, List.of());
        });
    }

    @Override
    public List<Uploaded> upload(List<Upload> files) throws CofferException {
        return uploads.store(files);
    }

    @Override
    public void fetch(RemoteNode file) throws CofferException {
        boolean big = file.size() > SMALL_MAX;
        if (big) {
            large.acquireUninterruptibly();
        }
        all.acquireUninterruptibly();
        try {
            if (!staging.has(file.content())) {
                staging.stage(file.content(), source(fetch));
            }
        } finally {
            all.release();
            if (big) {
                large.release();
            }
        }
    }

    /// Content by its name alone; every chunk of it is checked.
    static DiskStaging.Source source(Fetch fetch) {
        return (content, out) -> {
            Content.FileContent file = ContentIds.file(content);
            fetch.read(file, out);
        };
    }

    @Override
    public AutoCloseable watch(Runnable listener) {
        return listeners.apply(listener);
    }
}
