package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Manifest;
import coffer.seal.Operation;
import coffer.seal.PackAdded;
import coffer.seal.RandomSource;
import coffer.seal.Slice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectTest {

    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    Path home;

    private ReplicaDb db;
    private Replica replica;
    private FakeVault vault;
    private MemoryPacks packs;
    private long nowMs = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);

    @BeforeEach
    void open() throws CofferException {
        db = ReplicaDb.open(home.resolve("replica.db"));
        replica = new Replica(db, clock);
        vault = new FakeVault(replica);
        packs = new MemoryPacks(1);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void whatIsNeeded_stays() throws Exception {
        NodeId file = put(null, "one", "two");
        days(100);
        Device.CollectReport report = collect();
        assertThat(report.packsReleased()).isZero();
        assertThat(report.packsKept()).isEqualTo(1);
        assertThat(content(file)).isEqualTo("onetwo");
    }

    @Test
    void trash_isKeptForThirtyDays_thenItsPacksGo() throws Exception {
        NodeId file = put(null, "one");
        commit(new Operation.Remove(file));
        days(29);
        assertThat(collect().packsReleased()).isZero();
        assertThat(content(file)).isEqualTo("one");
        days(2);
        Device.CollectReport report = collect();
        assertThat(report.packsReleased()).isEqualTo(1);
        assertThat(report.bytesReleased()).isPositive();
        assertThat(packs.packs).isEmpty();
        assertThat(replica.trash(vault.id(), device -> "")).isEmpty();
        assertThat(replica.problems(vault.id())).isEmpty();
    }

    @Test
    void replacedState_isKeptForThirtyDays() throws Exception {
        NodeId file = put(null, "old");
        put(file, "new");
        days(29);
        assertThat(collect().packsReleased()).isZero();
        days(2);
        assertThat(collect().packsReleased()).isEqualTo(1);
        assertThat(content(file)).isEqualTo("new");
        assertThat(replica.history(vault.id(), "/" + file.hex(), device -> "")).hasSize(1);
    }

    @Test
    void clockThatJumps_deletesNothing() throws Exception {
        NodeId file = put(null, "one");
        commit(new Operation.Remove(file));
        nowMs += 4_000 * DAY;
        assertThat(collect().packsReleased()).isZero();
        nowMs -= 3_999 * DAY;
        assertThat(collect().packsReleased()).isZero();
        nowMs += 10_000 * DAY;
        assertThat(collect().packsReleased()).isZero();
    }

    @Test
    void removalThatClaimsToBeRecent_isKept_howeverLongItHasBeenHere() throws Exception {
        NodeId file = put(null, "one");
        vault.claimedMs = nowMs + 50 * DAY;
        commit(new Operation.Remove(file));
        days(60);
        assertThat(collect().packsReleased()).isZero();
        days(21);
        assertThat(collect().packsReleased()).isEqualTo(1);
    }

    @Test
    void sparsePack_isEmptiedIntoANewOne() throws Exception {
        List<NodeId> files = putTogether("aaaa", "bbbb", "cccc", "dddd", "eeee");
        long before = packs.packs.size();
        for (NodeId file : files.subList(0, 4)) {
            commit(new Operation.Remove(file));
        }
        days(31);
        PackId old = packs.packs.keySet().iterator().next();
        collect();
        assertThat(packs.packs).hasSize((int) before).doesNotContainKey(old);
        assertThat(content(files.get(4))).isEqualTo("eeee");
        assertThat(collect().packsReleased()).as("nothing is left to do").isZero();
    }

    @Test
    void chunkThatComesToBeNeeded_whileItsPackIsBeingReleased_keepsIt() throws Exception {
        NodeId file = put(null, "one");
        commit(new Operation.Remove(file));
        days(31);
        Content.FileContent content = contentOf("one");
        // Another device puts a file with the same content just before the release is appended.
        NodeId other = NodeId.of(RandomSource.secure().bytes(16));
        vault.beforeCommit = number -> {
            if (vault.purges == 1) {
                vault.beforeCommit = unused -> {};
                try {
                    vault.apply(plan(new Operation.Put(other, Operation.ROOT, "other", 0, false, content)));
                } catch (CofferException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        collect();
        assertThat(content(other)).isEqualTo("one");
    }

    @Test
    void chunkOfASparsePack_thatComesToBeNeeded_keepsIt() throws Exception {
        List<NodeId> files = putTogether("aaaa", "bbbb", "cccc", "dddd", "eeee");
        Content.FileContent forgotten = contentOf("aaaa");
        for (NodeId file : files.subList(0, 4)) {
            commit(new Operation.Remove(file));
        }
        days(31);
        NodeId other = NodeId.of(RandomSource.secure().bytes(16));
        int[] commits = {0};
        vault.beforeCommit = number -> {
            if (++commits[0] == 2) { // after the purge, before the new pack
                try {
                    vault.apply(plan(new Operation.Put(other, Operation.ROOT, "other", 0, false, forgotten)));
                } catch (CofferException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        collect();
        assertThat(content(other)).isEqualTo("aaaa");
        assertThat(content(files.get(4))).isEqualTo("eeee");
    }

    @Test
    void listThatCannotBeRead_releasesNothing() throws Exception {
        List<ChunkId> leaves = new ArrayList<>();
        PackWriter writer = new PackWriter(vault, packs);
        for (int i = 0; i < 3; i++) {
            leaves.add(add(writer, ("leaf" + i).getBytes(StandardCharsets.UTF_8)));
        }
        upkeep(writer.takeStored());
        PackWriter lists = new PackWriter(vault, packs);
        ChunkId list = add(lists, Manifest.lists(leaves).getFirst());
        upkeep(lists.takeStored());
        NodeId big = NodeId.of(RandomSource.secure().bytes(16));
        commit(new Operation.Put(big, Operation.ROOT, "big", 0, false, new Content.FileContent(15, 1, List.of(list))));
        NodeId doomed = put(null, "doomed");
        commit(new Operation.Remove(doomed));
        days(31);
        assertThat(collect().packsReleased()).as("what lists name is needed").isEqualTo(1);
        put(put(null, "x"), "y");
        days(31);
        PackId listPack = replica.read(vault.id(), (tx, ref) -> {
            ChunkIndex index = new ChunkIndex(tx, ref);
            ChunkIndex.Place place = java.util.Objects.requireNonNull(index.find(list));
            return java.util.Objects.requireNonNull(index.pack(place.packNum())).id();
        });
        byte[] bytes = java.util.Objects.requireNonNull(packs.packs.get(listPack)).getFirst();
        bytes[20] ^= 1;
        assertThatThrownBy(this::collect).isInstanceOf(CofferException.class);
        bytes[20] ^= 1;
        assertThat(collect().packsReleased()).isEqualTo(1);
    }

    /// Bytes, and until when they must be had: trusted time, or for ever.
    private record Kept(String content, long untilMs) {}

    @Test
    void random_nothingThatIsNeededIsEverReleased_andInTheEndNothingStays() throws Exception {
        long seed = Long.getLong("coffer.seed", 20_300_101L);
        Random random = new Random(seed);
        Map<NodeId, String> live = new HashMap<>();
        Map<NodeId, Kept> trash = new HashMap<>();
        List<Kept> versions = new ArrayList<>();
        for (int round = 0; round < 500; round++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> {
                    String[] contents = contents(random);
                    List<NodeId> files = putTogether(contents);
                    for (int i = 0; i < contents.length; i++) {
                        live.put(files.get(i), contents[i]);
                    }
                }
                case 3, 4 -> {
                    if (!live.isEmpty()) {
                        NodeId file = pick(random, live);
                        String content = contents(random)[0];
                        String before = java.util.Objects.requireNonNull(live.get(file));
                        put(file, content.split("(?<=\\G.{4})"));
                        versions.add(new Kept(before, trustedMs() + 30 * DAY));
                        live.put(file, content);
                    }
                }
                case 5, 6 -> {
                    for (int n = 1 + random.nextInt(8); n > 0 && !live.isEmpty(); n--) {
                        NodeId file = pick(random, live);
                        commit(new Operation.Remove(file));
                        String content = java.util.Objects.requireNonNull(live.remove(file));
                        trash.put(file, new Kept(content, trustedMs() + 30 * DAY));
                    }
                }
                case 7 -> days(random.nextInt(20));
                case 8 -> {
                    nowMs += (random.nextInt(100) - 50) * DAY;
                    trustedMs();
                }
                default -> {
                    collect();
                    long trusted = trustedMs();
                    versions.removeIf(version -> version.untilMs <= trusted);
                    trash.values().removeIf(item -> item.untilMs <= trusted);
                    for (Map.Entry<NodeId, String> file : live.entrySet()) {
                        assertThat(content(file.getKey())).as("seed %d round %d", seed, round).isEqualTo(file.getValue());
                    }
                    for (Map.Entry<NodeId, Kept> file : trash.entrySet()) {
                        assertThat(content(file.getKey()))
                                .as("trash, seed %d round %d", seed, round)
                                .isEqualTo(file.getValue().content);
                    }
                    for (Kept version : versions) {
                        assertThat(read(contentOf(version.content))).as("seed %d round %d", seed, round).isEqualTo(version.content);
                    }
                }
            }
        }
        for (NodeId file : List.copyOf(live.keySet())) {
            commit(new Operation.Remove(file));
        }
        days(31);
        collect();
        assertThat(packs.packs).as("seed %d", seed).isEmpty();
        assertThat(replica.totals(vault.id()).packs()).isZero();
        assertThat(replica.problems(vault.id())).isEmpty();
    }

    private static NodeId pick(Random random, Map<NodeId, String> files) {
        List<NodeId> ids = files.keySet().stream().sorted((a, b) -> a.hex().compareTo(b.hex())).toList();
        return ids.get(random.nextInt(ids.size()));
    }

    /// Not too many different pieces, so that some files share chunks and some do not.
    private static String[] contents(Random random) {
        String[] contents = new String[1 + random.nextInt(6)];
        for (int i = 0; i < contents.length; i++) {
            StringBuilder content = new StringBuilder();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                content.append("%04d".formatted(random.nextInt(400)));
            }
            contents[i] = content.toString();
        }
        return contents;
    }

    private long trustedMs() throws CofferException {
        return db.write(tx -> TrustedClock.tick(tx, nowMs));
    }

    private void days(int count) throws CofferException {
        for (int day = 0; day < count; day++) {
            nowMs += DAY;
            trustedMs();
        }
    }

    private Device.CollectReport collect() throws CofferException {
        Device.CollectReport report = new Collect(replica, vault, packs, clock).run(Progress.SILENT);
        vault.released.forEach(packs.packs::remove); // at once, as if there were no grace
        return report;
    }

    /// Puts one file of these chunks, as a new node or as the next state of `node`.
    private NodeId put(@org.jspecify.annotations.Nullable NodeId node, String... chunks) throws CofferException {
        NodeId id = node == null ? NodeId.of(RandomSource.secure().bytes(16)) : node;
        PackWriter writer = new PackWriter(vault, packs);
        Content.FileContent content = content(writer, String.join("", chunks), chunks);
        vault.apply(new VaultAccess.Plan(
                new CommitBody(
                        List.of(new Operation.Put(id, Operation.ROOT, id.hex(), vault.sequence, false, content)),
                        writer.takeStored(),
                        List.of()),
                List.of()));
        return id;
    }

    /// Puts files whose chunks of four characters go into one pack, except those that are stored already.
    private List<NodeId> putTogether(String... contents) throws CofferException {
        PackWriter writer = new PackWriter(vault, packs);
        List<NodeId> ids = new ArrayList<>();
        List<Operation> operations = new ArrayList<>();
        for (String content : contents) {
            NodeId id = NodeId.of(RandomSource.secure().bytes(16));
            ids.add(id);
            operations.add(new Operation.Put(
                    id, Operation.ROOT, id.hex(), 0, false, content(writer, content, content.split("(?<=\\G.{4})"))));
        }
        vault.apply(new VaultAccess.Plan(new CommitBody(operations, writer.takeStored(), List.of()), List.of()));
        return ids;
    }

    private Content.FileContent content(PackWriter writer, String content, String... chunks) throws CofferException {
        List<ChunkId> ids = new ArrayList<>();
        for (String chunk : chunks) {
            byte[] plain = chunk.getBytes(StandardCharsets.UTF_8);
            ChunkId id = vault.dedup().id(plain, 0, plain.length);
            boolean known = replica.read(vault.id(), (tx, ref) -> new ChunkIndex(tx, ref).contains(id));
            ids.add(id);
            if (!known) {
                writer.add(id, Slice.of(plain));
            }
        }
        return new Content.FileContent(content.length(), 0, ids);
    }

    private Content.FileContent contentOf(String content) {
        String[] chunks = content.length() % 4 == 0 ? content.split("(?<=\\G.{4})") : new String[] {content};
        List<ChunkId> ids = Arrays.stream(chunks)
                .map(chunk -> chunk.getBytes(StandardCharsets.UTF_8))
                .map(plain -> vault.dedup().id(plain, 0, plain.length))
                .toList();
        return new Content.FileContent(content.length(), 0, ids);
    }

    private ChunkId add(PackWriter writer, byte[] plain) throws CofferException {
        ChunkId id = vault.dedup().id(plain, 0, plain.length);
        writer.add(id, Slice.of(plain));
        return id;
    }

    private void upkeep(List<PackAdded> stored) throws CofferException {
        new Upkeep(replica, vault).addPacks(stored, vault.epoch());
    }

    private static VaultAccess.Plan plan(Operation operation) {
        return new VaultAccess.Plan(new CommitBody(List.of(operation), List.of(), List.of()), List.of());
    }

    private void commit(Operation operation) throws CofferException {
        vault.apply(plan(operation));
    }

    private String content(NodeId node) throws CofferException {
        return read(replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node found = java.util.Objects.requireNonNull(nodes.byId(node));
            return StoredContent.file(found.size(), nodes.content(found.num()));
        }));
    }

    private String read(Content.FileContent file) throws CofferException {
        ChunkSource source = new ChunkSource(vault, packs);
        return replica.read(vault.id(), (tx, ref) -> {
            StringBuilder content = new StringBuilder();
            for (ChunkId id : file.chunks()) {
                content.append(new String(source.read(new ChunkIndex(tx, ref), id), StandardCharsets.UTF_8));
            }
            return content.toString();
        });
    }
}
