package coffer.device;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Changes of a vault's tree that move no content. Each is planned from the newest state, again after each lost race, as
/// operations and nothing else; so a plan can be tested without a log, and repeating it does no harm.
final class Tree {

    /// Operations of one commit here: each is small, so the entry stays far below its limit.
    private static final int BATCH = 10_000;

    /// What to do, decided from a state of the tree.
    @FunctionalInterface
    private interface Plan {
        List<Operation> operations(Nodes nodes) throws CofferException, SQLException;
    }

    private final Replica replica;
    private final VaultAccess vault;
    private final RandomSource random;
    private final InstantSource clock;

    Tree(Replica replica, VaultAccess vault, RandomSource random, InstantSource clock) {
        this.replica = replica;
        this.vault = vault;
        this.random = random;
        this.clock = clock;
    }

    /// As [Device#makeFolder]: with `parents`, what is there already is fine.
    void makeFolder(String path, boolean parents) throws CofferException {
        List<String> names = NodeNames.split(path);
        commit(nodes -> makeFolder(nodes, names, parents));
    }

    /// Moves or renames. A destination that is a folder takes the node in under its name; anything else that is there is
    /// not overwritten.
    void move(String from, String to) throws CofferException {
        List<String> names = NodeNames.split(to);
        commit(nodes -> move(nodes, from, names));
    }

    void remove(String path) throws CofferException {
        commit(nodes -> {
            Nodes.Node node = nodes.require(path);
            return List.of(new Operation.Remove(notRoot(node).id()));
        });
    }

    /// Makes a former state of the node at `path`, its name and place aside, the present one.
    void restoreVersion(String path, long version) throws CofferException {
        commit(nodes -> restoreVersion(nodes, nodes.require(path), version));
    }

    /// Puts a node that is in the trash back where it was; folders that are gone are made again. Returns its path.
    String restoreTrashed(String nodeId) throws CofferException {
        NodeId id = nodeId(nodeId);
        commit(nodes -> restoreTrashed(nodes, id));
        return replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.byId(id);
            return node == null ? "/" : nodes.path(node);
        });
    }

    /// As [Device#emptyTrash]; returns how many items went.
    long emptyTrash(Optional<String> nodeId) throws CofferException {
        if (nodeId.isPresent()) {
            NodeId id = nodeId(nodeId.get());
            commit(nodes -> List.of(new Operation.Purge(requireTrashed(nodes, id).id())));
            return 1;
        }
        return purgeAll();
    }

    private long purgeAll() throws CofferException {
        long purged = 0;
        while (true) {
            long[] count = {0};
            commit(nodes -> {
                List<Operation> operations = new ArrayList<>();
                for (Nodes.Trashed item : nodes.trash(BATCH)) {
                    operations.add(new Operation.Purge(item.node().id()));
                }
                count[0] = operations.size();
                return operations;
            });
            if (count[0] == 0) {
                return purged;
            }
            purged += count[0];
        }
    }

    private void commit(Plan plan) throws CofferException {
        vault.commit(() -> {
            List<Operation> operations = replica.read(vault.id(), (tx, ref) -> plan.operations(new Nodes(tx, ref)));
            return operations.isEmpty()
                    ? null
                    : new VaultAccess.Plan(new CommitBody(operations, List.of(), List.of()), List.of());
        });
    }

    private List<Operation> makeFolder(Nodes nodes, List<String> names, boolean parents) throws CofferException, SQLException {
        List<Operation> operations = new ArrayList<>();
        makeFolders(nodes, parents || names.isEmpty() ? names : names.subList(0, names.size() - 1), operations, parents);
        if (!parents && !names.isEmpty()) {
            Nodes.Node parent = requireFolder(nodes.find(names.subList(0, names.size() - 1)));
            if (nodes.child(parent.num(), names.getLast()) != null) {
                throw Refusals.taken("Something is at that path already.");
            }
            operations.add(newFolder(Ingest.newNodeId(random), parent.id(), names.getLast()));
        }
        return operations;
    }

    /// Adds what makes the folders along `names`; returns the id of the last one.
    NodeId makeFolders(Nodes nodes, List<String> names, List<Operation> operations, boolean mayMake)
            throws CofferException, SQLException {
        Nodes.@Nullable Node at = nodes.root();
        NodeId id = at.id();
        for (String name : names) {
            Nodes.Node child = at == null ? null : nodes.child(at.num(), name);
            if (child != null) {
                at = requireFolder(child);
                id = at.id();
            } else if (mayMake) {
                NodeId made = Ingest.newNodeId(random);
                operations.add(newFolder(made, id, name));
                at = null;
                id = made;
            } else {
                throw Refusals.nothingThere();
            }
        }
        return id;
    }

    private Operation newFolder(NodeId id, NodeId parent, String name) {
        return new Operation.Put(id, parent, name, clock.millis() * 1_000_000, false, new Content.Folder());
    }

    private static List<Operation> move(Nodes nodes, String from, List<String> to) throws CofferException, SQLException {
        Nodes.Node node = notRoot(nodes.require(from));
        Nodes.Node there = nodes.find(to);
        if (there != null && there.num() == node.num()) {
            return List.of();
        }
        Nodes.Node parent = there != null && there.isFolder() ? there : requireFolder(nodes.find(to.subList(0, Math.max(0, to.size() - 1))));
        String name = there != null && there.isFolder() ? node.name() : to.getLast();
        Nodes.Node taken = nodes.child(parent.num(), name);
        if (taken != null && taken.num() != node.num()) {
            throw Refusals.taken("Something is at the destination already; it was not overwritten.");
        }
        if (node.isFolder() && isAtOrBelow(nodes, parent, node)) {
            throw Refusals.intoItself();
        }
        return taken != null ? List.of() : List.of(value(nodes, node, parent.id(), name));
    }

    private static boolean isAtOrBelow(Nodes nodes, Nodes.Node node, Nodes.Node folder) throws SQLException {
        for (Nodes.Node at = node; at != null; at = nodes.byNum(at.parent())) {
            if (at.num() == folder.num()) {
                return true;
            }
        }
        return false;
    }

    private static List<Operation> restoreVersion(Nodes nodes, Nodes.Node node, long version)
            throws CofferException, SQLException {
        if (version == node.seq()) {
            return List.of();
        }
        for (Nodes.PastState state : nodes.history(node)) {
            if (state.seq() == version) {
                return List.of(new Operation.Put(
                        node.id(),
                        parentId(nodes, node),
                        node.name(),
                        state.mtimeNs(),
                        (state.flags() & StoredContent.EXECUTABLE) != 0,
                        StoredContent.decode(node.kind(), state.size(), nodes.contentAt(node, version))));
            }
        }
        throw Refusals.noSuchVersion();
    }

    private List<Operation> restoreTrashed(Nodes nodes, NodeId id) throws CofferException, SQLException {
        Nodes.Node node = requireTrashed(nodes, id);
        List<Operation> operations = new ArrayList<>();
        Nodes.Node parent = nodes.byNum(node.parent());
        NodeId into;
        if (parent != null && nodes.isLive(parent.num())) {
            into = parent.id();
        } else {
            into = parent == null ? Operation.ROOT : makeFolders(nodes, freeFolders(nodes, nodes.path(parent)), operations, true);
        }
        operations.add(value(nodes, node, into, node.name()));
        return operations;
    }

    /// The names along a path of folders that is gone, up to where something that is no folder stands.
    static List<String> freeFolders(Nodes nodes, String path) throws CofferException, SQLException {
        List<String> names = NodeNames.split(path);
        for (int i = 1; i <= names.size(); i++) {
            Nodes.Node at = nodes.find(names.subList(0, i));
            if (at == null) {
                return names;
            }
            if (!at.isFolder()) {
                return names.subList(0, i - 1);
            }
        }
        return names;
    }

    private static Nodes.Node requireTrashed(Nodes nodes, NodeId id) throws CofferException, SQLException {
        Nodes.Node node = nodes.byId(id);
        if (node == null || nodes.trashedSeq(node.num()) < 0) {
            throw Refusals.notInTrash();
        }
        return node;
    }

    /// The node as it is, at another place.
    private static Operation value(Nodes nodes, Nodes.Node node, NodeId parent, String name) throws SQLException {
        return new Operation.Put(
                node.id(),
                parent,
                name,
                node.mtimeNs(),
                node.isExecutable(),
                StoredContent.decode(node.kind(), node.size(), nodes.content(node.num())));
    }

    private static NodeId parentId(Nodes nodes, Nodes.Node node) throws SQLException {
        Nodes.Node parent = nodes.byNum(node.parent());
        return parent == null ? Operation.ROOT : parent.id();
    }

    private static Nodes.Node requireFolder(Nodes.@Nullable Node node) throws CofferException {
        if (node == null) {
            throw Refusals.nothingThere();
        }
        if (!node.isFolder()) {
            throw Refusals.notAFolder("Something on that path is not a folder.");
        }
        return node;
    }

    private static Nodes.Node notRoot(Nodes.Node node) throws CofferException {
        if (node.id().equals(Operation.ROOT)) {
            throw Refusals.root();
        }
        return node;
    }

    private static NodeId nodeId(String hex) throws CofferException {
        try {
            return NodeId.ofHex(hex);
        } catch (IllegalArgumentException e) {
            throw Refusals.notInTrash();
        }
    }
}
