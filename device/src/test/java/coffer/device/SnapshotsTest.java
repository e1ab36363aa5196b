package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.core.log.VaultState;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.DeviceKeys;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import coffer.seal.Slice;
import coffer.seal.SnapshotBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Snapshots through the real vault, its log and its keys; only service and provider are in memory.
class SnapshotsTest extends OnOneAccount {

    private final MemoryPacks packs = new MemoryPacks(2);
    private final AtomicInteger loads = new AtomicInteger();
    private LoneDevice open(String name, boolean fromSnapshot) throws CofferException {
        LoneDevice device = unread(born.first(), name);
        if (fromSnapshot) {
            device.vault.mayStartFromSnapshot(
                    state -> {
                        loads.incrementAndGet();
                        return packs;
                    },
                    1);
        }
        device.vault.refresh();
        return device;
    }

    @Test
    void deviceThatStartsFromASnapshot_isInTheStateOfFullReplay() throws Exception {
        for (int seed = 1; seed <= 6; seed++) {
            service.logs.clear();
            packs.packs.clear();
            beginAccount();
            Random random = new Random(seed);
            LoneDevice writer = open("writer" + seed, false);
            History history = new History(writer, random);
            history.run(60);
            long first = snapshot(writer);
            history.run(30);
            long second = snapshot(writer);
            history.run(25);
            assertThat(second).isGreaterThan(first);

            LoneDevice replayed = open("replayed" + seed, false);
            int before = loads.get();
            LoneDevice loaded = open("loaded" + seed, true);
            assertThat(loads.get()).as("seed %d: the snapshot was used", seed).isEqualTo(before + 1);
            assertThat(bodies(loaded)).as("seed %d: old bodies were not fetched", seed).isLessThan(bodies(replayed));
            assertThat(rows(loaded)).as("seed %d", seed).isEqualTo(rows(replayed));
            assertThat(rows(replayed)).as("seed %d", seed).isEqualTo(rows(writer));

            new History(loaded, random).run(5);
            replayed.vault.refresh();
            assertThat(rows(loaded)).as("seed %d: both go on alike", seed).isEqualTo(rows(replayed));
        }
    }

    @Test
    void secondSnapshot_sharesMostOfTheFirst() throws Exception {
        LoneDevice writer = open("writer", false);
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            operations.add(new Operation.Put(
                    NodeId.of(RandomSource.secure().bytes(16)), Operation.ROOT, "folder " + i, i, false, new Content.Folder()));
            if (operations.size() == 10_000) {
                commit(writer, new CommitBody(operations, List.of(), List.of()), List.of());
                operations.clear();
            }
        }
        snapshot(writer);
        long stored = packs.storedBytes();
        writer.makeFolder("one more");
        snapshot(writer);
        assertThat(packs.storedBytes() - stored).isLessThan(stored / 2 + (1 << 20));
    }

    @Test
    void snapshotWithADamagedPack_isPassedOver() throws Exception {
        LoneDevice writer = open("writer", false);
        new History(writer, new Random(7)).run(30);
        List<PackId> before = List.copyOf(packs.packs.keySet());
        snapshot(writer);
        packs.packs.forEach((id, copies) -> {
            if (!before.contains(id)) {
                copies.forEach(copy -> copy[30] ^= 1);
            }
        });
        LoneDevice loaded = open("loaded", true);
        assertThat(loads.get()).as("it was tried").isEqualTo(1);
        assertThat(rows(loaded)).isEqualTo(rows(writer));
        assertThat(bodies(loaded)).isEqualTo(bodies(writer));
    }

    @Test
    void oneGoodCopy_isEnough() throws Exception {
        LoneDevice writer = open("writer", false);
        new History(writer, new Random(8)).run(30);
        snapshot(writer);
        packs.packs.values().forEach(copies -> copies.getFirst()[30] ^= 1);
        LoneDevice loaded = open("loaded", true);
        assertThat(bodies(loaded)).isLessThan(bodies(writer));
    }

    /// The packs of a snapshot's entry say something else than its stream: the log's headers are believed.
    @Test
    void snapshotOfAnotherState_isPassedOver() throws Exception {
        LoneDevice writer = open("writer", false);
        History history = new History(writer, new Random(9));
        history.run(20);
        snapshot(writer);
        // The stream of the first snapshot under an entry that comes later, with a pack released in between that it
        // still counts on as stored.
        history.releaseAPack();
        SnapshotBody old = body(writer);
        writer.vault.append((now, log) -> {
            var keys = writer.vault.keys(now.epoch().number());
            return writer.vault.maker().make(
                    writer.vault.place(now), writer.vault.author(), now.epoch().number(), List.of(), List.of(),
                    new coffer.core.log.Control.Snapshot(), context -> keys.sealBody(context, old.encode()));
        });
        LoneDevice replayed = open("replayed", false);
        LoneDevice loaded = open("loaded", true);
        assertThat(rows(loaded)).as("an older state, replayed from there").isEqualTo(rows(replayed));
    }

    @Test
    void snapshotOfNonsense_isPassedOver() throws Exception {
        LoneDevice writer = open("writer", false);
        new History(writer, new Random(10)).run(20);
        writer.vault.append((now, log) -> {
            var keys = writer.vault.keys(now.epoch().number());
            return writer.vault.maker().make(
                    writer.vault.place(now), writer.vault.author(), now.epoch().number(), List.of(), List.of(),
                    new coffer.core.log.Control.Snapshot(), context -> keys.sealBody(context, new byte[] {1, 2, 3}));
        });
        LoneDevice loaded = open("loaded", true);
        assertThat(rows(loaded)).isEqualTo(rows(writer));
    }

    @Test
    void snapshotIsDue_afterAThousandEntries() throws Exception {
        LoneDevice writer = open("writer", false);
        VaultState state = writer.vault.state();
        assertThat(Snapshots.isDue(state)).isFalse();
        assertThat(Snapshots.EVERY).isEqualTo(1_000);
    }

    private long snapshot(LoneDevice device) throws CofferException {
        return new Snapshots(device.replica, device.vault, packs).write(Progress.SILENT);
    }

    /// The body of the newest snapshot, as the vault's members read it.
    private SnapshotBody body(LoneDevice device) throws Exception {
        var at = device.vault.state().snapshot().orElseThrow();
        var entry = service.entriesOf(born.vault()).get((int) at.sequence());
        return SnapshotBody.decode(device.vault
                .keys(entry.header().period())
                .openBody(entry.header().sealContext(), entry.body()));
    }

    private static long bodies(LoneDevice device) throws CofferException {
        return device.db.read(tx -> tx.number(0, "SELECT sum(length(bytes)) FROM entry"));
    }

    private static void commit(LoneDevice device, CommitBody body, List<PackId> released) throws CofferException {
        device.vault.commit(() -> new VaultAccess.Plan(body, released));
    }

    /// Everything that the log decides, without the numbers that each replica gives of its own.
    private static List<String> rows(LoneDevice device) throws CofferException {
        return device.db.read(tx -> {
            List<String> rows = new ArrayList<>();
            for (String query : List.of(
                    "SELECT 'vault', hex(id), files, bytes, released_seq FROM vault",
                    "SELECT 'applied', seq, time_ms, hex(author) FROM applied ORDER BY seq",
                    "SELECT 'log', head_seq, hex(head_id) FROM log ORDER BY id",
                    "SELECT 'entry', hex(log), seq, hex(id) FROM entry ORDER BY log, seq",
                    "SELECT 'node', hex(n.id), coalesce(hex(p.id), '-'), n.name, n.kind, n.mtime_ns, n.flags, n.size, n.seq,"
                            + " n.trashed, hex(n.content) FROM node n LEFT JOIN node p ON p.num = n.parent ORDER BY n.id",
                    "SELECT 'version', hex(n.id), coalesce(hex(p.id), hex(zeroblob(16))), v.seq, v.until_seq, v.name, v.mtime_ns,"
                            + " v.flags, v.size, hex(v.content), v.trashed FROM version v JOIN node n ON n.num = v.node"
                            + " LEFT JOIN node p ON p.num = v.parent ORDER BY n.id, v.seq",
                    "SELECT 'pack', hex(id), size, epoch, seq, released, hex(contents) FROM pack ORDER BY id",
                    "SELECT 'chunk', hex(c.id), hex(p.id), c.offset, c.sealed, c.plain FROM chunk c JOIN pack p ON p.num = c.pack"
                            + " ORDER BY c.id, p.id",
                    "SELECT 'snapshot', seq, hex(chunks), hex(packs) FROM snapshot ORDER BY seq DESC LIMIT 2")) {
                int columns = columns(query.substring(0, query.indexOf(" FROM ")));
                try (Tx.Rows found = tx.query(query)) {
                    while (found.next()) {
                        StringBuilder row = new StringBuilder();
                        for (int column = 1; column <= columns; column++) {
                            row.append(found.textOrNull(column)).append(' ');
                        }
                        rows.add(row.toString());
                    }
                }
            }
            return rows;
        });
    }

    private static int columns(String select) {
        int columns = 1;
        int depth = 0;
        for (int i = 0; i < select.length(); i++) {
            char c = select.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            columns += c == ',' && depth == 0 ? 1 : 0;
        }
        return columns;
    }

    /// Random commits of every kind.
    private final class History {

        private final LoneDevice device;
        private final Random random;
        private int names;

        History(LoneDevice device, Random random) {
            this.device = device;
            this.random = random;
            this.names = random.nextInt(1_000) * 1_000;
        }

        void run(int commits) throws CofferException {
            for (int i = 0; i < commits; i++) {
                step();
            }
        }

        private void step() throws CofferException {
            PackWriter writer = new PackWriter(device.vault, packs);
            List<Operation> operations = new ArrayList<>();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                Operation operation = operation(writer);
                if (operation != null) {
                    operations.add(operation);
                }
            }
            commit(device, new CommitBody(operations, writer.takeStored(), List.of()), List.of());
            if (random.nextInt(12) == 0) {
                releaseAPack();
            }
            if (random.nextInt(25) == 0) {
                device.account.append(log -> Enrolment.add(
                        log, device.keys, DeviceKeys.generate(RandomSource.secure()).record(),
                        coffer.core.log.Role.FULL, "other", java.time.Clock.systemUTC()));
            }
        }

        void releaseAPack() throws CofferException {
            List<ChunkIndex.Pack> all =
                    device.replica.read(born.vault(), (tx, ref) -> new ChunkIndex(tx, ref).packs(0, 1_000));
            if (!all.isEmpty()) {
                PackId pack = all.get(random.nextInt(Math.min(3, all.size()))).id();
                commit(device, new CommitBody(List.of(), List.of(), List.of()), List.of(pack));
            }
        }

        private @Nullable Operation operation(PackWriter writer) throws CofferException {
            return switch (random.nextInt(9)) {
                case 0, 1 -> put(newNode(), folder(), new Content.Folder());
                case 2, 3 -> put(newNode(), folder(), file(writer));
                case 4 -> put(newNode(), folder(), new Content.Symlink("to/" + random.nextInt()));
                case 5 -> {
                    NodeId file = any("kind = 1");
                    yield file == null ? null : put(file, folder(), file(writer));
                }
                case 6 -> {
                    NodeId node = any("trashed IS NULL");
                    yield node == null ? null : new Operation.Remove(node);
                }
                case 7 -> {
                    NodeId node = any("trashed IS NOT NULL");
                    yield node == null ? null : new Operation.Purge(node);
                }
                default -> {
                    NodeId moved = any("kind = 2");
                    yield moved == null ? null : put(moved, folder(), new Content.Folder());
                }
            };
        }

        private @Nullable Operation put(NodeId node, NodeId parent, Content content) {
            return node.equals(parent)
                    ? null
                    : new Operation.Put(node, parent, "n" + names++ % 97, random.nextLong(), random.nextBoolean(), content);
        }

        private Content file(PackWriter writer) throws CofferException {
            List<ChunkId> ids = new ArrayList<>();
            long size = 0;
            for (int n = random.nextInt(3); n >= 0; n--) {
                byte[] plain = new byte[1 + random.nextInt(300)];
                random.nextBytes(plain);
                ChunkId id = device.vault.dedup().id(plain, 0, plain.length);
                writer.add(id, Slice.of(plain));
                ids.add(id);
                size += plain.length;
            }
            return new Content.FileContent(size, 0, ids);
        }

        private NodeId newNode() {
            byte[] id = new byte[16];
            random.nextBytes(id);
            return NodeId.of(id);
        }

        private NodeId folder() throws CofferException {
            NodeId folder = any("kind = 2");
            return folder == null ? Operation.ROOT : folder;
        }

        private @Nullable NodeId any(String condition) throws CofferException {
            byte[] id = device.db.read(tx -> tx.blob(
                    "SELECT id FROM node WHERE id <> zeroblob(16) AND " + condition + " ORDER BY id LIMIT 1 OFFSET ?",
                    random.nextInt(8)));
            return id == null ? null : NodeId.of(id);
        }
    }
}
