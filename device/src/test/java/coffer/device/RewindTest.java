package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.NodeId;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewindTest {

    private static final NodeId ROOT = Operation.ROOT;
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    Path home;

    private ReplicaDb db;
    private Replica replica;
    private FakeVault vault;
    private Rewind rewind;

    @BeforeEach
    void open() throws CofferException {
        db = ReplicaDb.open(home.resolve("replica.db"));
        replica = new Replica(db, () -> NOW);
        vault = new FakeVault(replica);
        vault.claimedMs = NOW.minusSeconds(100_000).toEpochMilli();
        rewind = new Rewind(replica, vault, new Tree(replica, vault, RandomSource.secure(), () -> NOW), () -> NOW);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void rewind_givesExactlyTheTreeOfThen_fromWhateverCameSince(long seed) throws CofferException {
        Random random = new Random(seed);
        Map<Long, Map<String, String>> trees = new HashMap<>();
        for (int round = 0; round < 40; round++) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                commit(randomOperations(random));
                trees.put(vault.sequence, tree());
            }
            long wanted = 1L + random.nextInt((int) vault.sequence);
            if (!trees.containsKey(wanted)) {
                continue; // in the middle of an earlier rewind
            }
            int problems = replica.problems(vault.id()).size();
            Device.RewindReport report = rewind("/", wanted);
            assertThat(tree()).as("seed %d, round %d, to %d of %d", seed, round, wanted, vault.sequence).isEqualTo(trees.get(wanted));
            assertThat(report.problems()).isEmpty();
            assertThat(replica.problems(vault.id())).as("void operations, seed %d, round %d", seed, round).hasSize(problems);
            trees.put(vault.sequence, tree());
        }
        assertThat(trees).hasSizeGreaterThan(80);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rewindOfAFolder_givesWhatWasInIt_andRemovesNothingElse(long seed) throws CofferException {
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                commit(randomOperations(random));
            }
            long wanted = vault.sequence;
            Map<String, String> then = tree();
            List<String> folders = then.keySet().stream().filter(path -> then.getOrDefault(path, "").startsWith("FOLDER")).toList();
            if (folders.isEmpty()) {
                continue;
            }
            String folder = folders.get(random.nextInt(folders.size()));
            String id = idOf(then, folder);
            for (int i = random.nextInt(8); i >= 0; i--) {
                commit(randomOperations(random));
            }
            Map<String, String> before = tree();
            int problems = replica.problems(vault.id()).size();
            rewind(folder, wanted);
            Map<String, String> after = tree();
            String now = after.keySet().stream().filter(path -> idOf(after, path).equals(id)).findFirst().orElseThrow();
            assertThat(below(after, now)).as("seed %d, round %d, %s", seed, round, folder).isEqualTo(below(then, folder));
            assertThat(replica.problems(vault.id())).as("void operations, seed %d, round %d", seed, round).hasSize(problems);
            List<String> others = new ArrayList<>(ids(before));
            List<String> inIt = new ArrayList<>(ids(below(then, folder)));
            inIt.add(id);
            before.keySet().stream()
                    .filter(path -> inIt.contains(idOf(before, path)))
                    .forEach(path -> others.removeAll(ids(below(before, path))));
            assertThat(ids(after)).as("others, seed %d, round %d", seed, round).containsAll(others);
        }
    }

    @Test
    void swappedNames_andFoldersThatChangedSides_goBackInOneCommit() throws CofferException {
        commit(folder(1, ROOT, "a"), folder(2, id(1), "b"), file(3, ROOT, "x", 1), file(4, ROOT, "y", 2));
        Map<String, String> then = tree();
        commit(folder(2, ROOT, "b"), folder(1, id(2), "a"));
        commit(file(3, ROOT, "z", 1), file(4, ROOT, "x", 2), file(3, ROOT, "y", 1));
        long before = vault.sequence;
        Device.RewindReport report = rewind("/", 1);
        assertThat(tree()).isEqualTo(then);
        assertThat(vault.sequence).isEqualTo(before + 1);
        assertThat(report).extracting(Device.RewindReport::restored, Device.RewindReport::removed).containsExactly(0L, 0L);
    }

    @Test
    void aRewind_isItselfRewound() throws CofferException {
        commit(file(1, ROOT, "a", 1));
        commit(file(1, ROOT, "a", 2), file(2, ROOT, "b", 3));
        Map<String, String> late = tree();
        rewind("/", 1);
        assertThat(tree()).hasSize(1);
        rewind("/", 2);
        assertThat(tree()).isEqualTo(late);
        assertThat(replica.history(vault.id(), "/a", DeviceId::hex)).hasSize(4);
    }

    @Test
    void dryRun_saysEachThing_andChangesNothing() throws CofferException {
        commit(folder(1, ROOT, "f"), file(2, id(1), "gone", 1), file(3, ROOT, "edited", 2), file(4, ROOT, "old", 3));
        commit(new Operation.Remove(id(1)), file(3, ROOT, "edited", 9), file(4, ROOT, "new", 3), file(5, ROOT, "made", 1));
        List<String> steps = new ArrayList<>();
        Device.RewindReport report = rewind.run(
                "/", point(1), true, step -> steps.add(step.what() + " " + step.where()), Progress.SILENT);
        assertThat(steps)
                .containsExactly("bring back /f", "change back /edited", "move back /old", "to the trash /made");
        assertThat(List.of(report.restored(), report.changed(), report.moved(), report.removed())).containsExactly(1L, 1L, 1L, 1L);
        assertThat(vault.sequence).isEqualTo(2);
    }

    @Test
    void whatOthersWriteMeanwhile_stays_alsoInAFolderThatWouldGo() throws CofferException {
        commit(file(1, ROOT, "a", 1));
        commit(file(1, ROOT, "a", 2), folder(2, ROOT, "new"), file(3, id(2), "in it", 3));
        Device.RewindPoint point = point(1);
        commit(file(4, id(2), "later", 4));
        rewind.run("/", point, false, _ -> {}, Progress.SILENT);
        assertThat(tree().keySet()).containsExactly("/a", "/new", "/new/later");
        assertThat(tree().get("/a")).contains("FILE 1 ");
    }

    @Test
    void manyNodes_goInSeveralCommits_eachBelowTheLimit() throws CofferException {
        Map<String, String> then = Map.of();
        for (int part = 0; part < 3; part++) {
            Operation[] operations = new Operation[8_000];
            for (int i = 0; i < operations.length; i++) {
                operations[i] = file(1 + part * 8_000 + i, ROOT, "n" + part + "-" + i, 1 + i);
            }
            commit(operations);
            then = tree();
        }
        for (int part = 0; part < 3; part++) {
            Operation[] operations = new Operation[8_000];
            for (int i = 0; i < operations.length; i++) {
                operations[i] = new Operation.Remove(id(1 + part * 8_000 + i));
            }
            commit(operations);
        }
        vault.bodyBytesMax = 0;
        Device.RewindReport report = rewind("/", 3);
        assertThat(tree()).isEqualTo(then);
        assertThat(report.restored()).isEqualTo(24_000);
        assertThat(vault.sequence).isGreaterThan(7);
        assertThat(vault.bodyBytesMax).isLessThan(1 << 20);
    }

    @Test
    void crashBetweenTwoCommits_isFinishedByTheSameCall() throws CofferException {
        Operation[] made = new Operation[15_000];
        Operation[] gone = new Operation[made.length];
        for (int i = 0; i < made.length; i++) {
            made[i] = file(1 + i, ROOT, "n" + i, 1);
            gone[i] = new Operation.Remove(id(1 + i));
        }
        commit(made);
        Map<String, String> then = tree();
        commit(gone);
        int commits = vault.commits;
        vault.beforeCommit = number -> {
            if (number == commits + 3) {
                throw new IllegalStateException("crash");
            }
        };
        assertThatThrownBy(() -> rewind("/", 1)).isInstanceOf(IllegalStateException.class);
        assertThat(tree()).isNotEmpty().hasSizeLessThan(made.length);
        vault.beforeCommit = _ -> {};
        rewind("/", 1);
        assertThat(tree()).isEqualTo(then);
    }

    @Test
    void placesThatCannotBeGoneBackTo_areRefused() throws CofferException {
        commit(file(1, ROOT, "a", 1));
        commit(file(2, ROOT, "b", 1));
        assertThatThrownBy(() -> point(3)).hasMessageContaining("no such entry");
        assertThatThrownBy(() -> rewind.point(new Device.RewindTo.Time(Instant.EPOCH), DeviceId::hex)).hasMessageContaining("did not exist");
        assertThatThrownBy(() -> rewind("/b", 1)).hasMessageContaining("Nothing was at that path then");
        Rewind later = new Rewind(
                replica, vault, new Tree(replica, vault, RandomSource.secure(), () -> NOW), () -> NOW.plus(Duration.ofDays(40)));
        assertThatThrownBy(() -> later.run("/", point(1), true, _ -> {}, Progress.SILENT)).hasMessageContaining("30 days");
    }

    private Device.RewindReport rewind(String path, long sequence) throws CofferException {
        return rewind.run(path, point(sequence), false, _ -> {}, Progress.SILENT);
    }

    private Device.RewindPoint point(long sequence) throws CofferException {
        return rewind.point(new Device.RewindTo.Version(sequence), DeviceId::hex);
    }

    private void commit(Operation... operations) throws CofferException {
        vault.apply(new VaultAccess.Plan(new CommitBody(List.of(operations), List.of(), List.of()), List.of()));
    }

    private Map<String, String> tree() throws CofferException {
        TreeMap<String, String> tree = new TreeMap<>();
        replica.list(vault.id(), "/", true, DeviceId::hex, node -> tree.put(
                node.path(), node.kind() + " " + node.size() + " " + node.modified() + " " + node.executable() + " " + node.nodeId()));
        return tree;
    }

    private static String idOf(Map<String, String> tree, String path) {
        String line = tree.getOrDefault(path, " ");
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private static List<String> ids(Map<String, String> tree) {
        return tree.keySet().stream().map(path -> idOf(tree, path)).toList();
    }

    private static Map<String, String> below(Map<String, String> tree, String folder) {
        TreeMap<String, String> below = new TreeMap<>();
        tree.forEach((path, line) -> {
            if (path.startsWith(folder + "/")) {
                below.put(path.substring(folder.length()), line);
            }
        });
        return below;
    }

    private static Operation[] randomOperations(Random random) {
        Operation[] operations = new Operation[1 + random.nextInt(5)];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = randomOperation(random);
        }
        return operations;
    }

    private static Operation randomOperation(Random random) {
        int node = 1 + random.nextInt(16);
        if (random.nextInt(4) == 0) {
            return new Operation.Remove(id(node));
        }
        int parent = random.nextInt(9) * 2;
        NodeId parentId = parent == 0 || parent == node ? ROOT : id(parent);
        String name = "n" + random.nextInt(4);
        return node % 2 == 0
                ? folder(node, parentId, name)
                : new Operation.Put(id(node), parentId, name, random.nextInt(3), random.nextBoolean(), content(random.nextInt(4)));
    }

    private static Operation folder(int node, NodeId parent, String name) {
        return new Operation.Put(id(node), parent, name, 0, false, new Content.Folder());
    }

    private static Operation file(int node, NodeId parent, String name, int size) {
        return new Operation.Put(id(node), parent, name, 0, false, content(size));
    }

    private static Content content(int size) {
        return new Content.FileContent(size, 0, size == 0 ? List.of() : List.of(new ChunkId(Bytes.of(new byte[ChunkId.SIZE]))));
    }

    private static NodeId id(int node) {
        byte[] id = new byte[NodeId.SIZE];
        id[0] = 1;
        id[1] = (byte) (node >> 16);
        id[2] = (byte) (node >> 8);
        id[3] = (byte) node;
        return NodeId.of(id);
    }
}
