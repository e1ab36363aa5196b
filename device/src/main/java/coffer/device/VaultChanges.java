package coffer.device;

import coffer.core.Bytes;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.device.sync.RemoteVault.Changes;
import coffer.device.sync.plan.ContentId;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.RemoteNode;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells one folder of a vault's tree, and then what is different in it. What a commit did not name costs nothing.
///
/// Remembers which folders it has told, because one that comes to lie in the tree brings all that is in it. For one
/// caller, one call at a time.
final class VaultChanges {

    private final Replica replica;
    private final coffer.core.LogId vault;
    private final NodeId top;
    private final Map<NodeId, NodeId> told = new HashMap<>(); // folders, with what they lie in
    private long toldPosition = -1;

    VaultChanges(Replica replica, coffer.core.LogId vault, NodeId top) {
        this.replica = replica;
        this.vault = vault;
        this.top = top;
    }

    /// What is different in the replica since a position.
    Changes since(long since) throws CofferException {
        return replica.read(vault, (tx, ref) -> {
            long position = position(tx, ref);
            View view = new View(tx, ref);
            Set<NodeId> touched = since < 0 || since != toldPosition
                    ? null
                    : replica.recent().between(vault, since, position, _ -> true);
            Changes changes = touched == null ? view.everything(position) : view.changed(touched, position);
            toldPosition = position;
            return changes;
        });
    }

    static long position(Tx tx, Vaults.Ref ref) throws SQLException {
        return tx.number(-1, "SELECT max(seq) FROM applied WHERE vault = ?", ref.num());
    }

    private record Row(long num, RemoteNode node) {}

    /// One state of the tree.
    private final class View {

        private static final String COLUMNS = "SELECT num, id, name, kind, size, mtime_ns, flags, seq, content FROM node ";

        private final Tx tx;
        private final Nodes nodes;
        private final Nodes.Node topNode;
        private final long reserved;

        View(Tx tx, Vaults.Ref ref) throws SQLException, CofferException {
            this.tx = tx;
            this.nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.byId(top);
            if (node == null || !nodes.isLive(node.num())) {
                throw CofferException.withAdvice(
                        ErrorCode.LOCAL,
                        "The folder in the vault that this one is synced with is in the trash, or gone.",
                        "Nothing is removed here because of it. `coffer trash restore` brings it back;"
                                + " `coffer sync remove` ends the syncing.");
            }
            this.topNode = node;
            Nodes.Node derived = node.num() == ref.root() ? nodes.child(node.num(), Contents.RESERVED) : null;
            this.reserved = derived != null && derived.isFolder() ? derived.num() : -1;
        }

        Changes everything(long position) throws SQLException {
            told.clear();
            List<RemoteNode> present = new ArrayList<>();
            addBelow(topNode.num(), top, present);
            return new Changes(true, present, List.of(), position);
        }

        Changes changed(Set<NodeId> touched, long position) throws SQLException {
            record Found(int depth, long num, RemoteNode node) {}
            List<Found> found = new ArrayList<>();
            List<NodeId> gone = new ArrayList<>();
            for (NodeId id : touched) {
                Nodes.Node node = id.equals(top) ? null : nodes.byId(id);
                int depth = node == null ? -1 : depth(node.num());
                if (node != null && depth > 0) {
                    found.add(new Found(depth, node.num(), read(node.num())));
                } else if (!id.equals(top)) {
                    gone.add(id);
                }
            }
            forget(gone);
            found.sort(Comparator.comparingInt(Found::depth));
            Map<NodeId, RemoteNode> present = new LinkedHashMap<>();
            for (Found one : found) {
                present.putIfAbsent(one.node.id(), one.node);
                if (one.node.kind() == Kind.FOLDER && told.put(one.node.id(), one.node.parent()) == null) {
                    List<RemoteNode> below = new ArrayList<>();
                    addBelow(one.num, one.node.id(), below);
                    below.forEach(node -> present.putIfAbsent(node.id(), node));
                }
            }
            return new Changes(false, List.copyOf(present.values()), gone, position);
        }

        /// How far below the top a node lies; -1 if it does not, is in the trash, or is what programs derive.
        private int depth(long num) throws SQLException {
            int depth = 0;
            for (long at = num; at != topNode.num(); depth++) {
                long parent = tx.number(-1, "SELECT parent FROM node WHERE num = ? AND trashed IS NULL", at);
                if (parent < 0 || at == reserved) {
                    return -1;
                }
                at = parent;
            }
            return depth;
        }

        private RemoteNode read(long num) throws SQLException {
            try (Tx.Rows rows = tx.query(
                    "SELECT n.num, n.id, n.name, n.kind, n.size, n.mtime_ns, n.flags, n.seq, n.content, p.id FROM node n"
                            + " JOIN node p ON p.num = n.parent WHERE n.num = ?",
                    num)) {
                if (!rows.next()) {
                    throw new IllegalStateException("a node that was there in this very state");
                }
                return row(rows, NodeId.of(rows.bytes(10))).node;
            }
        }

        /// Everything below a folder, a folder before what is in it.
        private void addBelow(long num, NodeId id, List<RemoteNode> into) throws SQLException {
            record Open(long num, NodeId id) {}
            ArrayDeque<Open> open = new ArrayDeque<>(List.of(new Open(num, id)));
            while (!open.isEmpty()) {
                Open folder = open.removeLast();
                try (Tx.Rows rows = tx.query(COLUMNS + "WHERE parent = ? AND trashed IS NULL", folder.num)) {
                    while (rows.next()) {
                        Row row = row(rows, folder.id);
                        if (row.num == reserved) {
                            continue;
                        }
                        into.add(row.node);
                        if (row.node.kind() == Kind.FOLDER) {
                            told.put(row.node.id(), folder.id);
                            open.addLast(new Open(row.num, row.node.id()));
                        }
                    }
                }
            }
        }
    }

    private static Row row(Tx.Rows rows, NodeId parent) throws SQLException {
        Kind kind = kind(Vaults.kind(rows.integer(4)));
        RemoteNode node = new RemoteNode(
                NodeId.of(rows.bytes(2)), parent, rows.text(3), kind, content(kind, rows.number(5), rows.bytesOrNull(9)),
                rows.number(5), (rows.integer(7) & StoredContent.EXECUTABLE) != 0, rows.number(6), rows.number(8));
        return new Row(rows.number(1), node);
    }

    /// As [ContentIds#of], from what the replica keeps.
    private static ContentId content(Kind kind, long size, byte @Nullable [] stored) {
        return switch (kind) {
            case FOLDER -> ContentId.NONE;
            case SYMLINK -> new ContentId(Bytes.of(stored == null ? new byte[0] : stored));
            case FILE -> {
                byte[] bytes = stored == null ? new byte[1] : stored;
                yield new ContentId(
                        Bytes.of(ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(size).put(bytes).array()));
            }
        };
    }

    static Kind kind(Device.NodeKind kind) {
        return switch (kind) {
            case FILE -> Kind.FILE;
            case FOLDER -> Kind.FOLDER;
            case SYMLINK -> Kind.SYMLINK;
        };
    }

    /// Folders that were told and lie below what is gone have to be told anew when they are there again.
    private void forget(List<NodeId> gone) {
        if (gone.stream().noneMatch(told::containsKey)) {
            return;
        }
        Set<NodeId> lost = new HashSet<>(gone);
        List<NodeId> below = told.keySet().stream().filter(id -> isBelow(id, lost)).toList();
        below.forEach(told::remove);
    }

    private boolean isBelow(NodeId id, Set<NodeId> folders) {
        for (NodeId at = id; at != null; at = told.get(at)) {
            if (folders.contains(at)) {
                return true;
            }
        }
        return false;
    }
}
