package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.SimFiles.Inode;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalNode;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.Plan;
import coffer.device.sync.plan.RemoteNode;
import coffer.device.sync.plan.Stamp;
import coffer.device.sync.plan.SyncedNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What has to be true of a simulated world.
final class SimCheck {

    private SimCheck() {}

    /// At any moment, of a device that runs.
    static void always(SimWorld world, SimDevice device) {
        if (!device.isUp()) {
            return;
        }
        SyncEngine engine = device.engine();
        Trees trees = engine.trees;
        assertThat(engine.planOn(everything(device)))
                .as("planning on everything is planning on what differs")
                .isEqualTo(engine.preview());
        if (trees.position() >= 0) {
            Map<NodeId, RemoteNode> remote = new HashMap<>();
            trees.remote.all().forEach(node -> remote.put(node.id(), node));
            assertThat(remote).as("%s knows the vault", device.name).isEqualTo(world.vault.states.get((int) trees.position()));
        }
        if (engine.status().state() == SyncStatus.State.UP_TO_DATE && device.knowsAll()) {
            assertThat(localTree(trees)).as("%s knows its folder", device.name).isEqualTo(disk(device));
            assertThat(everything(device)).as("up to date").allMatch(id -> isSettled(device, id));
        }
    }

    private static boolean isSettled(SimDevice device, NodeId id) {
        return device.engine().trees.isSame(id) || emptyInstead(device).contains(id);
    }

    /// Empty folders under the name of what is left out.
    private static Set<NodeId> emptyInstead(SimDevice device) {
        return device.engine().preview().waiting().stream()
                .filter(Plan.Waiting::isAtRest)
                .map(Plan.Waiting::node)
                .collect(Collectors.toSet());
    }

    private static Map<String, Stamp> localTree(Trees trees) {
        Map<String, Stamp> found = new TreeMap<>();
        for (LocalNode node : trees.local.tree.all()) {
            found.put(String.valueOf(trees.path(node.id())), node.stamp());
        }
        return found;
    }

    private static Map<String, Stamp> disk(SimDevice device) {
        Map<String, Stamp> found = new TreeMap<>();
        for (LocalPath path : listed(device)) {
            found.put(path.toString(), Objects.requireNonNull(device.disk.find(path)).stamp());
        }
        return found;
    }

    private static List<LocalPath> listed(SimDevice device) {
        return device.disk.all().stream().filter(path -> isListed(device.disk, path)).toList();
    }

    /// Nobody looks into a folder that is ignored.
    private static boolean isListed(SimDisk disk, LocalPath path) {
        return path.isTop() || (!disk.isIgnored(path) && isListed(disk, path.parent()));
    }

    /// When all trouble is over.
    static void atRest(SimWorld world) throws CofferException {
        boolean settled = world.settle();
        if (!settled) {
            world.devices.forEach(device -> traceState(world, device));
        }
        assertThat(settled).as("all devices come to rest").isTrue();
        for (SimDevice device : world.devices) {
            sameAsVault(world, device);
            assertThat(device.engine().planOn(everything(device)).isQuiet()).as("nothing is left to plan").isTrue();
            assertThat(everything(device)).as("nothing differs").allMatch(id -> isSettled(device, id));
            assertThat(device.engine().status().problems()).as("no problem is left").isEmpty();
        }
        assertThat(world.devices.stream().map(device -> device.engine().fingerprint()).distinct())
                .as("every device names the state equally")
                .hasSize(1);
        nothingIsLost(world);
    }

    private static void traceState(SimWorld world, SimDevice device) {
        Trees trees = device.engine().trees;
        world.trace(device.name + " " + device.engine().status() + " " + device.engine().preview());
        for (NodeId id : trees.differing()) {
            world.trace("  " + trees.remote.find(id) + "\n    " + trees.local.find(id) + "\n    " + trees.rows.find(id));
        }
    }

    /// What a user wrote and nobody wrote over or removed is in its place, or beside it as a conflict copy. Only where a
    /// device forgot what it knew may it be in the vault's history alone.
    private static void nothingIsLost(SimWorld world) {
        Set<String> kept = new HashSet<>();
        List<Map<NodeId, RemoteNode>> states =
                world.trouble.forgets() ? world.vault.states : List.of(world.vault.live());
        states.forEach(state -> state.values().forEach(node -> kept.add(content(node))));
        world.devices.forEach(device -> device.disk.all().forEach(
                path -> kept.add(Objects.requireNonNull(device.disk.find(path)).content)));
        Set<String> lost = new HashSet<>(world.ledger.written);
        lost.removeAll(world.ledger.given);
        lost.removeAll(kept);
        assertThat(lost).as("what nobody gave up is in place").isEmpty();
    }

    private static String content(RemoteNode node) {
        return switch (node.kind()) {
            case FOLDER -> "";
            case FILE -> SimDisk.content(node.content());
            case SYMLINK -> new String(node.content().value().toArray(), StandardCharsets.UTF_8);
        };
    }

    private static Set<NodeId> everything(SimDevice device) {
        Trees trees = device.engine().trees;
        Set<NodeId> all = new HashSet<>(trees.differing());
        all.addAll(trees.rows.ids());
        trees.remote.all().stream().map(RemoteNode::id).filter(id -> trees.chosen().find(id) != null).forEach(all::add);
        trees.local.tree.all().forEach(node -> all.add(node.id()));
        return all;
    }

    /// Every live node of the vault that is not left out has its item, by the name that the device remembers for it, and
    /// there is no other.
    private static void sameAsVault(SimWorld world, SimDevice device) {
        Map<NodeId, RemoteNode> live = world.vault.live();
        Map<String, String> there = new TreeMap<>();
        Map<NodeId, LocalPath> paths = new HashMap<>(Map.of(world.vault.top, LocalPath.TOP));
        for (RemoteNode node : live.values()) {
            if (device.isLeftOut(node.id(), live)) {
                assertThat(device.store.rows()).as("nothing is remembered of what is left out").doesNotContainKey(node.id());
                continue;
            }
            LocalPath path = path(node, live, paths, device);
            there.put(path.toString(), what(node.kind(), content(node), node.executable()));
            SyncedNode row = device.store.rows().get(node.id());
            boolean stands = row != null && stands(device.disk.names, row.localName(), node);
            assertThat(stands).as("%s: %s stands for %s", device.name, row, node).isTrue();
        }
        Map<String, String> here = new TreeMap<>();
        for (LocalPath path : listed(device)) {
            Inode node = Objects.requireNonNull(device.disk.find(path));
            here.put(path.toString(), what(node.kind, node.content, node.executable));
        }
        for (NodeId id : emptyInstead(device)) {
            assertThat(here.remove(String.valueOf(device.engine().trees.path(id)))).startsWith(Kind.FOLDER.name());
        }
        assertThat(here).as(device.name).isEqualTo(there);
    }

    private static boolean stands(Names names, String localName, RemoteNode node) {
        String wanted = names.toVault(localName);
        String mark = " (" + node.id().hex().substring(0, 8);
        return node.name().equals(wanted) || localName.contains(mark) || node.name().contains(" (");
    }

    private static LocalPath path(
            RemoteNode node, Map<NodeId, RemoteNode> live, Map<NodeId, LocalPath> paths, SimDevice device) {
        LocalPath known = paths.get(node.id());
        if (known == null) {
            RemoteNode parent = live.get(node.parent());
            LocalPath folder = parent == null ? LocalPath.TOP : path(parent, live, paths, device);
            SyncedNode row = device.store.rows().get(node.id());
            known = folder.child(row == null ? node.name() + " without a row" : row.localName());
            paths.put(node.id(), known);
        }
        return known;
    }

    private static String what(Kind kind, String content, boolean executable) {
        return kind + " " + content + (executable ? " x" : "");
    }
}
