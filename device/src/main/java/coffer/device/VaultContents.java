package coffer.device;

import coffer.core.CofferException;
import coffer.core.Hash;
import coffer.core.NodeId;
import coffer.seal.RandomSource;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// [Contents] of a vault and its replica.
final class VaultContents implements Contents {

    /// Children that one step of a walk holds.
    private static final int PAGE = 512;

    private static final byte[] CONTENT_LABEL = "coffer/content-name/1".getBytes(StandardCharsets.UTF_8);

    private final Path home;
    private final Replica replica;
    private final VaultAccess vault;
    private final Fetch fetch;
    private final Depositing depositing;

    VaultContents(
            Path home, Replica replica, VaultAccess vault, PackTransfer transfer, Ingest ingest, InstantSource clock) {
        this.home = home;
        this.replica = replica;
        this.vault = vault;
        this.fetch = new Fetch(replica, vault, new PackCache(transfer));
        this.depositing = new Depositing(replica, vault, transfer, RandomSource.secure(), clock, ingest.one());
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public Path temporary() throws CofferException {
        return Residue.folder(home);
    }

    @Override
    public long position() throws CofferException {
        return replica.read(vault.id(), VaultChanges::position);
    }

    @Override
    public long files(String path, Consumer<Item> each) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.require(path);
            String at = nodes.path(node);
            if (node.isFolder()) {
                walk(tx, at.equals("/") ? "" : at, node.num(), each);
            } else if (node.kind() == Device.NodeKind.FILE) {
                each.accept(item(at, node, nodes.content(node.num())));
            }
            return VaultChanges.position(tx, ref);
        });
    }

    private record Row(Nodes.Node node, byte @Nullable [] content) {}

    private static void walk(Tx tx, String path, long folder, Consumer<Item> each) throws SQLException {
        String after = "";
        while (true) {
            List<Row> page = page(tx, folder, after);
            for (Row row : page) {
                String childPath = path + "/" + row.node.name();
                switch (row.node.kind()) {
                    case FOLDER -> walk(tx, childPath, row.node.num(), each);
                    case FILE -> each.accept(item(childPath, row.node, row.content));
                    case SYMLINK -> {
                        // has no content of its own
                    }
                }
            }
            if (page.size() < PAGE) {
                return;
            }
            after = page.getLast().node.name();
        }
    }

    private static List<Row> page(Tx tx, long folder, String after) throws SQLException {
        List<Row> page = new ArrayList<>();
        try (Tx.Rows rows = tx.query(
                "SELECT num, id, parent, name, kind, size, mtime_ns, flags, seq, CASE kind WHEN 1 THEN content END FROM node"
                        + " WHERE parent = ? AND name > ? AND trashed IS NULL ORDER BY name LIMIT " + PAGE,
                folder, after)) {
            while (rows.next()) {
                page.add(new Row(Nodes.read(rows), rows.bytesOrNull(10)));
            }
        }
        return page;
    }

    private static Item item(String path, Nodes.Node node, byte @Nullable [] content) {
        return new Item(
                node.id().hex(), path, node.size(), Times.ofNanos(node.mtimeNs()), node.seq(), name(node.size(), content));
    }

    /// Chunk ids are keyed, so this says nothing to anybody who does not have the vault's key.
    static Hash name(long size, byte @Nullable [] stored) {
        MessageDigest digest = Hash.digest();
        digest.update(CONTENT_LABEL);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(size).array());
        digest.update(stored == null ? new byte[1] : stored);
        return new Hash(coffer.core.Bytes.of(digest.digest()));
    }

    @Override
    public Optional<News> since(long position) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            long now = VaultChanges.position(tx, ref);
            Set<NodeId> touched = replica.recent().between(vault.id(), position, now, _ -> true);
            return touched == null ? Optional.empty() : news(tx, ref, now, touched);
        });
    }

    /// A folder that is moved, removed or brought back changes the paths of everything below it.
    private static Optional<News> news(Tx tx, Vaults.Ref ref, long now, Set<NodeId> touched)
            throws SQLException, CofferException {
        Nodes nodes = new Nodes(tx, ref);
        List<Item> present = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (NodeId id : touched) {
            Nodes.Node node = nodes.byId(id);
            if (node == null) {
                gone.add(id.hex());
            } else if (node.isFolder()) {
                boolean isNew = nodes.history(node).size() == 1 && nodes.isLive(node.num());
                if (!isNew) {
                    return Optional.empty();
                }
            } else if (node.kind() == Device.NodeKind.FILE && nodes.isLive(node.num())) {
                present.add(item(nodes.path(node), node, nodes.content(node.num())));
            } else {
                gone.add(id.hex());
            }
        }
        return Optional.of(new News(now, List.copyOf(present), List.copyOf(gone)));
    }

    @Override
    public Optional<Item> find(String path) throws CofferException {
        return one(nodes -> nodes.find(path));
    }

    @Override
    public Optional<Item> findNode(String node) throws CofferException {
        return one(nodes -> nodes.byId(NodeId.ofHex(node)));
    }

    @FunctionalInterface
    private interface Search {
        Nodes.@Nullable Node in(Nodes nodes) throws CofferException, SQLException;
    }

    private Optional<Item> one(Search search) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = search.in(nodes);
            return node == null || node.kind() != Device.NodeKind.FILE || !nodes.isLive(node.num())
                    ? Optional.empty()
                    : Optional.of(item(nodes.path(node), node, nodes.content(node.num())));
        });
    }

    @Override
    public void read(String node, long offset, long length, OutputStream out) throws CofferException {
        fetch.read(
                replica.read(vault.id(), (tx, ref) -> {
                    Nodes nodes = new Nodes(tx, ref);
                    Nodes.Node found = nodes.byId(NodeId.ofHex(node));
                    if (found == null || found.kind() != Device.NodeKind.FILE) {
                        throw Refusals.nothingThere();
                    }
                    return StoredContent.file(found.size(), nodes.content(found.num()));
                }),
                offset,
                length,
                out);
    }

    @Override
    public void deposit(Work work, Progress progress) throws CofferException {
        depositing.run(work, progress);
    }
}
