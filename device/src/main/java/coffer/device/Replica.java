package coffer.device;

import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.LogId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.CommitBody;
import coffer.seal.Operation;
import coffer.seal.PackAdded;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The verified state of the vaults of this device: trees, versions, trash, and where chunks are stored.
///
/// [#apply] is a pure function of the log (docs/spec/tree.md), so all devices come to the same tree. Everything else
/// reads, each call on one snapshot, and holds little memory whatever the size of the vault.
final class Replica {

    /// How long what was removed or replaced is kept.
    static final Duration KEPT = Duration.ofDays(30);

    /// Sums over a vault.
    ///
    /// @param unsentPacks packs sealed here that no commit carries yet
    record Totals(long files, long bytes, long packs, long packBytes, long unsentPacks) {}

    /// A void operation of a commit.
    record TreeProblem(long sequence, String node, String reason) {}

    private final ReplicaDb db;
    private final InstantSource clock;
    private final RecentChanges recent = new RecentChanges();

    Replica(ReplicaDb db, InstantSource clock) {
        this.db = db;
        this.clock = clock;
    }

    ReplicaDb db() {
        return db;
    }

    RecentChanges recent() {
        return recent;
    }

    /// Applies one commit whose entry has been verified, in the transaction that also moves the log's head.
    void apply(Tx tx, EntryInfo entry, CommitBody body) throws SQLException {
        Vaults.Ref vault = note(tx, entry);
        recent.add(entry.vault(), entry.sequence(), body);
        TreeWriter tree = new TreeWriter(tx, vault, entry.sequence(), entry.appendOnly());
        addPacks(tx, vault, entry, body, tree);
        for (Operation operation : body.operations()) {
            switch (operation) {
                case Operation.Put put -> tree.put(put);
                case Operation.Remove remove -> tree.remove(remove.node());
                case Operation.Purge purge -> tree.purge(purge.node());
            }
        }
        tree.finish();
        ChunkIndex index = new ChunkIndex(tx, vault);
        for (PackId released : entry.released()) {
            index.release(released, entry.sequence());
        }
    }

    /// Applies a verified entry whose body is nonsense: it changes nothing in the tree, and the log goes on. Otherwise
    /// one hostile member could stop a vault for all. What its header says of packs stands, as it does for the
    /// service, which deletes what was released.
    void applyUnreadable(Tx tx, EntryInfo entry) throws SQLException {
        apply(tx, entry, new CommitBody(List.of(), List.of(), List.of()));
        Vaults.Ref vault = Vaults.findOrAdd(tx, entry.vault());
        new TreeWriter(tx, vault, entry.sequence(), entry.appendOnly()).problem(Vaults.ROOT, "unreadable body");
    }

    private Vaults.Ref note(Tx tx, EntryInfo entry) throws SQLException {
        Vaults.Ref vault = Vaults.findOrAdd(tx, entry.vault());
        tx.run(
                "INSERT OR REPLACE INTO applied VALUES (?, ?, ?, ?, ?)",
                vault.num(), entry.sequence(), entry.timeMs(), TrustedClock.tick(tx, clock.millis()), entry.author().toArray());
        return vault;
    }

    private static void addPacks(Tx tx, Vaults.Ref vault, EntryInfo entry, CommitBody body, TreeWriter tree)
            throws SQLException {
        Map<PackId, PackAdded> described = new HashMap<>();
        body.packs().forEach(pack -> described.put(pack.id(), pack));
        ChunkIndex index = new ChunkIndex(tx, vault);
        for (PackRef added : entry.added()) {
            PackAdded pack = described.remove(added.id());
            if (pack != null && pack.size() == added.size()) {
                index.add(added, entry.epoch(), entry.sequence(), PackIndex.encode(pack.contents()));
            } else {
                index.add(added, entry.epoch(), entry.sequence(), new byte[0]);
                tree.problem(Vaults.ROOT, "a pack without contents");
            }
        }
        if (!described.isEmpty()) {
            tree.problem(Vaults.ROOT, "contents of a pack that was not added");
        }
    }

    /// Runs `work` on one snapshot of a vault.
    <T extends @Nullable Object> T read(LogId vault, VaultWork<T> work) throws CofferException {
        return db.read(tx -> {
            Vaults.Ref ref = Vaults.find(tx, vault);
            if (ref == null) {
                return db.write(writing -> work.run(writing, Vaults.findOrAdd(writing, vault)));
            }
            return work.run(tx, ref);
        });
    }

    @FunctionalInterface
    interface VaultWork<T extends @Nullable Object> {
        T run(Tx tx, Vaults.Ref vault) throws CofferException, SQLException;
    }

    Totals totals(LogId vault) throws CofferException {
        return read(vault, (tx, ref) -> new Totals(
                tx.number(0, "SELECT files FROM vault WHERE num = ?", ref.num()),
                tx.number(0, "SELECT bytes FROM vault WHERE num = ?", ref.num()),
                tx.number(0, "SELECT count(*) FROM pack WHERE vault = ? AND released IS NULL", ref.num()),
                tx.number(0, "SELECT sum(size) FROM pack WHERE vault = ? AND released IS NULL", ref.num()),
                tx.number(0, "SELECT count(*) FROM sent WHERE vault = ?", ref.num())));
    }

    List<TreeProblem> problems(LogId vault) throws CofferException {
        return read(vault, (tx, ref) -> {
            List<TreeProblem> problems = new ArrayList<>();
            try (Tx.Rows rows = tx.query("SELECT seq, hex(node), reason FROM problem WHERE vault = ? ORDER BY num", ref.num())) {
                while (rows.next()) {
                    problems.add(new TreeProblem(rows.number(1), rows.text(2).toLowerCase(java.util.Locale.ROOT), rows.text(3)));
                }
            }
            return problems;
        });
    }

    /// As [Device#list]; `deviceName` names authors.
    void list(
            LogId vault, String path, boolean recursive, Function<DeviceId, String> deviceName, Consumer<Device.NodeInfo> each)
            throws CofferException {
        read(vault, (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Authors authors = new Authors(nodes, deviceName);
            Nodes.Node node = nodes.require(path);
            String at = nodes.path(node);
            if (node.isFolder()) {
                nodes.walk(at, node, recursive, new Nodes.Visitor() {
                    @Override
                    public void visit(String childPath, Nodes.Node child) throws SQLException {
                        each.accept(info(childPath, child, authors));
                    }

                    @Override
                    public boolean skips(String childPath, Nodes.Node child) {
                        return Vaults.isReserved(ref, child);
                    }
                });
            } else {
                each.accept(info(at, node, authors));
            }
            return null;
        });
    }

    /// As [Device#node].
    Device.NodeInfo node(LogId vault, String path, Function<DeviceId, String> deviceName) throws CofferException {
        return read(vault, (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.require(path);
            return info(nodes.path(node), node, new Authors(nodes, deviceName));
        });
    }

    /// As [Device#search].
    List<Device.NodeInfo> search(LogId vault, String words, int max, Function<DeviceId, String> deviceName)
            throws CofferException {
        NameWords wanted = NameWords.of(words);
        return read(vault, (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Authors authors = new Authors(nodes, deviceName);
            List<Device.NodeInfo> found = new ArrayList<>();
            for (Nodes.Node node : nodes.named(wanted::match, max)) {
                found.add(info(nodes.path(node), node, authors));
            }
            return found;
        });
    }

    private static Device.NodeInfo info(String path, Nodes.Node node, Authors authors) throws SQLException {
        return new Device.NodeInfo(
                path, node.kind(), node.size(), Times.ofNanos(node.mtimeNs()), node.isExecutable(), node.id().hex(), node.seq(),
                authors.of(node.seq()).name);
    }

    /// Every state that the node at `path` had, newest first. A path that nothing is at now may be one in the trash.
    List<Device.Version> history(LogId vault, String path, Function<DeviceId, String> deviceName) throws CofferException {
        return read(vault, (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Authors authors = new Authors(nodes, deviceName);
            List<Device.Version> versions = new ArrayList<>();
            for (Nodes.Node node : nodesAt(nodes, path)) {
                addHistory(nodes, authors, node, versions);
            }
            if (versions.isEmpty()) {
                nodes.require(path); // throws what there is to say
            }
            return versions;
        });
    }

    private static List<Nodes.Node> nodesAt(Nodes nodes, String path) throws CofferException, SQLException {
        List<Nodes.Node> found = new ArrayList<>();
        Nodes.Node live = nodes.find(path);
        if (live != null) {
            found.add(live);
        }
        String plain = "/" + String.join("/", NodeNames.split(path));
        for (Nodes.Trashed item : nodes.trash(Integer.MAX_VALUE)) {
            if (nodes.path(item.node()).equals(plain)) {
                found.add(item.node());
            }
        }
        return found;
    }

    private static void addHistory(Nodes nodes, Authors authors, Nodes.Node node, List<Device.Version> versions)
            throws SQLException {
        long trashed = nodes.trashedSeq(node.num());
        for (Nodes.PastState state : nodes.history(node)) {
            Author author = authors.of(state.seq());
            boolean present = state.untilSeq() < 0;
            versions.add(new Device.Version(
                    state.seq(),
                    author.time,
                    author.name,
                    nodes.path(state.parent(), state.name()),
                    state.size(),
                    present && trashed < 0,
                    present && trashed >= 0 ? Optional.of(authors.of(trashed).time) : Optional.empty()));
        }
    }

    /// What lies in the trash, latest first.
    List<Device.TrashItem> trash(LogId vault, Function<DeviceId, String> deviceName) throws CofferException {
        return read(vault, (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Authors authors = new Authors(nodes, deviceName);
            List<Device.TrashItem> items = new ArrayList<>();
            for (Nodes.Trashed item : nodes.trash(Integer.MAX_VALUE)) {
                Author author = authors.of(item.trashedSeq());
                Nodes.Node node = item.node();
                items.add(new Device.TrashItem(
                        node.id().hex(), nodes.path(node), node.kind(), node.size(), author.time, author.time.plus(KEPT),
                        author.name));
            }
            return items;
        });
    }

    private record Author(String name, Instant time) {}

    /// Who made which commit, with the last few thousand remembered.
    private static final class Authors {

        private static final int REMEMBERED_MAX = 4_096;

        private final Nodes nodes;
        private final Function<DeviceId, String> deviceName;
        private final Map<Long, Author> known = new HashMap<>();

        Authors(Nodes nodes, Function<DeviceId, String> deviceName) {
            this.nodes = nodes;
            this.deviceName = deviceName;
        }

        Author of(long seq) throws SQLException {
            Author author = known.get(seq);
            if (author == null) {
                Nodes.Author found = nodes.author(seq);
                author = found == null
                        ? new Author("", Instant.EPOCH)
                        : new Author(deviceName.apply(found.device()), Instant.ofEpochMilli(found.timeMs()));
                if (known.size() >= REMEMBERED_MAX) {
                    known.clear();
                }
                known.put(seq, author);
            }
            return author;
        }
    }
}
