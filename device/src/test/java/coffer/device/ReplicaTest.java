package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.ChunkPlace;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.PackAdded;
import coffer.seal.PackContents;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaTest {

    private static final LogId VAULT = LogId.of(bytes(32, 7));
    private static final DeviceId DEVICE = DeviceId.of(bytes(32, 9));
    private static final NodeId ROOT = Operation.ROOT;

    @TempDir
    Path home;

    private ReplicaDb db;
    private Replica replica;
    private long sequence;

    @BeforeEach
    void open() throws CofferException {
        db = ReplicaDb.open(home.resolve("replica.db"));
        replica = new Replica(db, InstantSource.fixed(Instant.ofEpochSecond(1_000_000)));
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void putOfSameName_getsTheIdIntoItsName() throws CofferException {
        commit(file(1, ROOT, "report.pdf", 3), file(2, ROOT, "report.pdf", 4), folder(3, ROOT, "report.pdf"));
        assertThat(paths()).containsExactly("/report (02000000).pdf", "/report (03000000).pdf", "/report.pdf");
    }

    @Test
    void put_withoutLiveParent_isVoidAndNoted() throws CofferException {
        commit(folder(1, ROOT, "a"), new Operation.Remove(id(1)), file(2, id(1), "b", 1), file(3, id(8), "c", 1));
        assertThat(paths()).isEmpty();
        assertThat(replica.problems(VAULT)).extracting(Replica.TreeProblem::reason).containsOnly("no such parent").hasSize(2);
    }

    @Test
    void put_ofAFolderBelowItself_isVoid() throws CofferException {
        commit(folder(1, ROOT, "a"), folder(2, id(1), "b"), folder(3, id(2), "c"));
        commit(folder(1, id(3), "a"));
        commit(folder(2, id(3), "b"));
        assertThat(paths()).containsExactly("/a", "/a/b", "/a/b/c");
        assertThat(replica.problems(VAULT)).hasSize(2);
    }

    @Test
    void put_deeperThanTheLimit_isVoid_alsoByMovingAFolder() throws CofferException {
        List<Operation> chain = new ArrayList<>();
        NodeId parent = ROOT;
        for (int i = 0; i < 257; i++) {
            chain.add(new Operation.Put(id(1000 + i), parent, "d", 0, false, new Content.Folder()));
            parent = id(1000 + i);
        }
        chain.add(folder(1, ROOT, "x"));
        chain.add(folder(2, id(1), "y"));
        commit(chain.toArray(Operation[]::new));
        commit(folder(1, id(1000 + 254), "x"));
        assertThat(replica.totals(VAULT).files()).isZero();
        assertThat(paths()).contains("/x/y").hasSize(256 + 2);
        assertThat(replica.problems(VAULT)).hasSize(2);
    }

    @Test
    void put_ofAnotherKind_isVoid() throws CofferException {
        commit(folder(1, ROOT, "a"), file(2, id(1), "b", 1));
        commit(file(1, ROOT, "a", 5));
        assertThat(paths()).containsExactly("/a", "/a/b");
    }

    @Test
    void appendOnlyDevice_addsAndChangesNothing() throws CofferException {
        commit(file(1, ROOT, "a", 1));
        apply(true, List.of(), List.of(), file(2, ROOT, "b", 2), file(1, ROOT, "z", 9), new Operation.Remove(id(1)));
        assertThat(paths()).containsExactly("/a", "/b");
        assertThat(replica.problems(VAULT)).hasSize(2);
    }

    @Test
    void removed_liesInTheTrashWithWhatIsBelow_andComesBackByAPut() throws CofferException {
        commit(folder(1, ROOT, "a"), file(2, id(1), "b", 5), folder(3, id(1), "c"), file(4, id(3), "d", 6));
        commit(new Operation.Remove(id(3)));
        commit(new Operation.Remove(id(1)));
        assertThat(replica.totals(VAULT)).extracting(Replica.Totals::files, Replica.Totals::bytes).containsExactly(0L, 0L);
        assertThat(replica.trash(VAULT, DeviceId::hex)).extracting(Device.TrashItem::path).containsExactly("/a", "/a/c");
        commit(folder(1, ROOT, "a"));
        assertThat(paths()).containsExactly("/a", "/a/b");
        assertThat(replica.totals(VAULT)).extracting(Replica.Totals::files, Replica.Totals::bytes).containsExactly(1L, 5L);
        commit(folder(3, ROOT, "c"));
        assertThat(paths()).containsExactly("/a", "/a/b", "/c", "/c/d");
    }

    @Test
    void purge_forgetsWhatIsInTheTrash_andNothingElse() throws CofferException {
        commit(folder(1, ROOT, "a"), file(2, id(1), "b", 5), file(3, ROOT, "c", 6));
        commit(new Operation.Purge(id(3)));
        commit(new Operation.Remove(id(1)), new Operation.Purge(id(1)));
        assertThat(paths()).containsExactly("/c");
        assertThat(replica.trash(VAULT, DeviceId::hex)).isEmpty();
        assertThat(db.<Long>read(tx -> tx.number(-1, "SELECT count(*) FROM node"))).isEqualTo(2);
    }

    @Test
    void everyState_isKeptAsAVersion() throws CofferException {
        commit(file(1, ROOT, "a", 1));
        commit(file(1, ROOT, "a", 2));
        commit(folder(2, ROOT, "f"), file(1, id(2), "b", 3));
        commit(new Operation.Remove(id(1)));
        assertThat(replica.history(VAULT, "/f/b", DeviceId::hex))
                .extracting(version -> version.version() + " " + version.path() + " " + version.size() + " " + version.current())
                .containsExactly("3 /f/b 3 false", "2 /a 2 false", "1 /a 1 false");
        assertThat(replica.history(VAULT, "/f/b", DeviceId::hex).getFirst().deleted()).isPresent();
    }

    @Test
    void releasedPack_takesItsChunksWithIt_butNotWhatAnotherPackHolds() throws CofferException {
        ChunkId both = ChunkId.of(bytes(32, 50));
        ChunkId one = ChunkId.of(bytes(32, 51));
        PackAdded first = pack(60, both, one);
        PackAdded second = pack(61, both);
        apply(false, List.of(first, second), List.of());
        apply(false, List.of(), List.of(first.id()));
        boolean[] held = replica.read(VAULT, (tx, vault) -> {
            ChunkIndex index = new ChunkIndex(tx, vault);
            return new boolean[] {index.contains(both), index.contains(one), index.holds(first.id()), index.holds(second.id())};
        });
        assertThat(held).containsExactly(true, false, false, true);
    }

    @Test
    void path_isFoundInAnyNormalisation_andRefusedWhereNoNodeCanBe() throws CofferException {
        commit(folder(1, ROOT, "caf\u00e9"), file(2, id(1), "-\n\ud83d\ude00", 1));
        String found = replica.read(VAULT, (tx, vault) -> {
            Nodes nodes = new Nodes(tx, vault);
            return nodes.path(nodes.require("/cafe\u0301//-\n\ud83d\ude00/"));
        });
        assertThat(found).isEqualTo("/caf\u00e9/-\n\ud83d\ude00");
        for (String bad : List.of("caf", "/a/../b", "/.", "/" + "x".repeat(256), "/a\0b")) {
            assertThatThrownBy(() -> NodeNames.split(bad)).isInstanceOf(CofferException.class);
        }
    }

    @Test
    void transactionThatThrows_leavesNothing() throws CofferException {
        commit(file(1, ROOT, "a", 1));
        assertThatThrownBy(() -> db.write(tx -> {
                    replica.apply(tx, entry(2, false, List.of(), List.of()), body(List.of(), file(2, ROOT, "b", 1)));
                    throw new IllegalStateException("crash");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(paths()).containsExactly("/a");
    }

    @Test
    void trustedClock_isNotMovedFarByOneStepOfTheWallClock() throws CofferException {
        long day = 86_400_000L;
        long[] ticks = db.write(tx -> new long[] {
            TrustedClock.tick(tx, 1_000), TrustedClock.tick(tx, 2_000), TrustedClock.tick(tx, 400 * day),
            TrustedClock.tick(tx, 0), TrustedClock.tick(tx, day / 2)
        });
        assertThat(ticks).containsExactly(0, 1_000, 1_000 + day, 1_000 + day, 1_000 + day + day / 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void randomCommits_giveTheTreeOfThePlainModel(long seed) throws CofferException {
        Random random = new Random(seed);
        TreeModel model = new TreeModel();
        for (int round = 0; round < 60; round++) {
            boolean appendOnly = random.nextInt(8) == 0;
            Operation[] operations = new Operation[1 + random.nextInt(6)];
            Arrays.setAll(operations, unused -> randomOperation(random));
            apply(appendOnly, List.of(), List.of(), operations);
            Arrays.stream(operations).forEach(operation -> model.apply(operation, appendOnly));
            TreeMap<String, String> listed = new TreeMap<>();
            replica.list(VAULT, "/", true, DeviceId::hex, node ->
                    listed.put(node.path(), node.kind() + " " + node.size() + " " + node.nodeId()));
            assertThat(listed).as("seed %d, round %d", seed, round).isEqualTo(model.live());
            assertThat(replica.totals(VAULT).files())
                    .as("files, seed %d, round %d", seed, round)
                    .isEqualTo(listed.values().stream().filter(line -> line.startsWith("FILE")).count());
            assertThat(replica.totals(VAULT).bytes())
                    .as("bytes, seed %d, round %d", seed, round)
                    .isEqualTo(listed.values().stream().mapToLong(line -> Long.parseLong(line.split(" ", 3)[1])).sum());
        }
    }

    private static Operation randomOperation(Random random) {
        int node = 1 + random.nextInt(14);
        return switch (random.nextInt(10)) {
            case 0, 1 -> new Operation.Remove(id(node));
            case 2 -> new Operation.Purge(id(node));
            default -> {
                int parent = random.nextInt(15);
                NodeId parentId = parent == 0 || parent == node ? ROOT : id(parent);
                String name = "n" + random.nextInt(4) + (random.nextBoolean() ? ".txt" : "");
                // Mostly the same kind for one id, so that puts mostly apply.
                boolean folder = node % 2 == 0 ^ random.nextInt(10) == 0;
                Content content = folder ? new Content.Folder() : content(random.nextInt(100));
                yield new Operation.Put(id(node), parentId, name, 0, false, content);
            }
        };
    }

    private void commit(Operation... operations) throws CofferException {
        apply(false, List.of(), List.of(), operations);
    }

    private void apply(boolean appendOnly, List<PackAdded> packs, List<PackId> released, Operation... operations)
            throws CofferException {
        sequence++;
        db.write(tx -> {
            replica.apply(tx, entry(sequence, appendOnly, packs, released), body(packs, operations));
            return null;
        });
    }

    private static CommitBody body(List<PackAdded> packs, Operation... operations) {
        return new CommitBody(List.of(operations), packs, List.of());
    }

    private static EntryInfo entry(long sequence, boolean appendOnly, List<PackAdded> packs, List<PackId> released) {
        List<PackRef> refs = packs.stream().map(pack -> new PackRef(pack.id(), pack.size())).toList();
        return new EntryInfo(VAULT, sequence, sequence * 1000, DEVICE, appendOnly, 1, refs, released);
    }

    private List<String> paths() throws CofferException {
        List<String> paths = new ArrayList<>();
        replica.list(VAULT, "/", true, DeviceId::hex, node -> paths.add(node.path()));
        return paths;
    }

    private static Operation.Put file(int id, NodeId parent, String name, long size) {
        return new Operation.Put(id(id), parent, name, 0, false, content(size));
    }

    private static Content content(long size) {
        return new Content.FileContent(size, 0, size == 0 ? List.of() : List.of(ChunkId.of(bytes(32, (int) size))));
    }

    private static Operation.Put folder(int id, NodeId parent, String name) {
        return new Operation.Put(id(id), parent, name, 0, false, new Content.Folder());
    }

    private static PackAdded pack(int id, ChunkId... chunks) {
        List<ChunkPlace> places = new ArrayList<>();
        for (ChunkId chunk : chunks) {
            places.add(new ChunkPlace(chunk, places.size() * 300, 300, 300));
        }
        return new PackAdded(PackId.of(bytes(32, id)), 1000, new PackContents(places));
    }

    private static NodeId id(int number) {
        byte[] id = new byte[16];
        id[0] = (byte) number;
        id[1] = (byte) (number >>> 8);
        return NodeId.of(id);
    }

    private static byte[] bytes(int size, int fill) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }
}
