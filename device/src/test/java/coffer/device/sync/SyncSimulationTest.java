package coffer.device.sync;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.device.sync.SimDisk.Inode;
import coffer.device.sync.plan.Kind;
import coffer.device.sync.plan.LocalPath;
import coffer.device.sync.plan.Names;
import coffer.device.sync.plan.RemoteNode;
import coffer.device.sync.plan.SyncedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several devices, users who work at the same time, and everything that can go wrong, under one seed in virtual time.
/// `-Dcoffer.seed=S` runs one seed and prints what happens; `-Dcoffer.seeds=N` runs N of them.
class SyncSimulationTest {

    private static final long SETTLE_MS_MAX = 900_000;

    /// Once failed: a look at everything that was half believed, a folder that left one that went, an item left aside, a
    /// node without a free name.
    private static final long[] ONCE_FAILED = {
        998, 1366, 1519, 1566, 1802, 1878, 2702, 2947, 3211, 3519, 4504, 4884, 5661, 6128, 6484, 7229, 8057, 8115, 9512, 9823, 9851
    };

    @Test
    void devicesBecomeTheSame_andNothingIsLost() throws CofferException {
        long seed = Long.getLong("coffer.seed", -1);
        if (seed >= 0) {
            run(seed, true);
            return;
        }
        long seeds = Long.getLong("coffer.seeds", 300);
        long first = Long.getLong("coffer.first", 0);
        List<String> failures = new ArrayList<>();
        for (long i = first; i < first + seeds && failures.size() < 20; i++) {
            try {
                run(i, false);
            } catch (AssertionError | RuntimeException e) {
                failures.add("-Dcoffer.seed=" + i + ": " + String.valueOf(e).lines().limit(3).map(line -> line.substring(0, Math.min(300, line.length()))).toList());
            }
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void seedsThatOnceFailed_pass() throws CofferException {
        for (long seed : ONCE_FAILED) {
            run(seed, false);
        }
    }

    static void run(long seed, boolean traces) throws CofferException {
        SimWorld world = new SimWorld(seed);
        world.traces = traces;
        try {
            int devices = 2 + world.random.nextInt(3);
            for (int i = 0; i < devices; i++) {
                boolean folds = world.random.nextInt(4) == 0;
                world.add("d" + i, new Names(folds, folds, world.random.nextInt(6) == 0));
            }
            boolean faults = world.random.nextInt(4) != 0;
            for (int i = 0; i < devices; i++) {
                SimDevice device = world.devices.get(i);
                SimUser user = world.users.get(i);
                device.disk.reuses = world.random.nextInt(3) == 0;
                int often = world.random.nextInt(3) == 0 ? 60 : Integer.MAX_VALUE;
                device.disk.beforeCall = () -> {
                    if (often != Integer.MAX_VALUE && world.random.nextInt(often) == 0) {
                        user.act(device.name + " meanwhile");
                    }
                };
            }
            int rounds = 1 + world.random.nextInt(3);
            for (int round = 0; round < rounds; round++) {
                world.live(5 + world.random.nextInt(40), faults, faults && world.random.nextBoolean());
                if (round == rounds - 1 || world.random.nextBoolean()) {
                    check(world);
                }
            }
        } finally {
            if (traces) {
                world.trace.forEach(System.err::println);
            }
        }
    }

    static void check(SimWorld world) throws CofferException {
        boolean settled = world.settle(SETTLE_MS_MAX);
        if (!settled) {
            for (SimDevice device : world.devices) {
                world.trace(device.name + " " + device.engine().status() + " " + device.engine().preview());
                for (NodeId id : device.engine().trees.differing()) {
                    Trees trees = device.engine().trees;
                    world.trace("  " + trees.remote.find(id) + "\n    " + trees.local.find(id) + "\n    " + trees.rows.find(id));
                }
            }
        }
        assertThat(settled).as("all devices come to rest").isTrue();
        for (SimDevice device : world.devices) {
            sameAsVault(world, device);
            assertThat(device.engine().planOn(everything(device)).isQuiet()).as("nothing is left to plan").isTrue();
        }
        Set<String> kept = new HashSet<>();
        world.vault.states.forEach(state -> state.values().forEach(node -> {
            if (node.kind() != Kind.FOLDER) {
                kept.add(node.kind() == Kind.FILE
                        ? SimDisk.content(node.content())
                        : new String(node.content().value().toArray(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }));
        Set<String> lost = new HashSet<>(world.ledger.written);
        lost.removeAll(world.ledger.given);
        lost.removeAll(kept);
        assertThat(lost).as("what nobody gave up is in the vault, in place or in its history").isEmpty();
    }

    static Set<NodeId> everything(SimDevice device) {
        Trees trees = device.engine().trees;
        Set<NodeId> all = new HashSet<>(trees.differing());
        all.addAll(trees.rows.ids());
        trees.remote.all().forEach(node -> all.add(node.id()));
        trees.local.tree.all().forEach(node -> all.add(node.id()));
        return all;
    }

    /// Every live node of the vault has its item, by the name that the device remembers for it, and there is no other.
    private static void sameAsVault(SimWorld world, SimDevice device) {
        Map<NodeId, RemoteNode> live = world.vault.live();
        Map<String, String> there = new TreeMap<>();
        Map<NodeId, LocalPath> paths = new HashMap<>(Map.of(world.vault.top, LocalPath.TOP));
        for (RemoteNode node : live.values()) {
            LocalPath path = path(node, live, paths, device);
            there.put(path.toString(), what(node.kind(), node.kind() == Kind.FILE ? SimDisk.content(node.content())
                    : new String(node.content().value().toArray(), java.nio.charset.StandardCharsets.UTF_8), node.executable()));
            SyncedNode row = Objects.requireNonNull(device.store.rows().get(node.id()));
            assertThat(stands(device.disk.names, row.localName(), node)).as("%s stands for %s", row, node).isTrue();
        }
        Map<String, String> here = new TreeMap<>();
        for (LocalPath path : device.disk.all()) {
            Inode node = Objects.requireNonNull(device.disk.find(path));
            here.put(path.toString(), what(node.kind, node.content, node.executable));
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
            LocalPath folder = live.get(node.parent()) == null
                    ? LocalPath.TOP
                    : path(Objects.requireNonNull(live.get(node.parent())), live, paths, device);
            SyncedNode row = device.store.rows().get(node.id());
            known = folder.child(row == null ? node.name() + " without a row" : row.localName());
            paths.put(node.id(), known);
        }
        return known;
    }

    private static String what(Kind kind, String content, boolean executable) {
        return kind + " " + content + (executable ? " x" : "");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void oneChangeAfterTheOther_makesNoConflict(long seed) throws CofferException {
        SimWorld world = new SimWorld(seed);
        world.add("d0", Names.EXACT);
        world.add("d1", Names.EXACT);
        for (int i = 0; i < 40; i++) {
            world.live(1, false, false);
            check(world);
        }
        assertThat(world.vault.live().values()).noneMatch(node -> node.name().contains("(conflict"));
        assertThat(world.devices).allMatch(device -> device.store.conflicts().isEmpty());
    }
}
