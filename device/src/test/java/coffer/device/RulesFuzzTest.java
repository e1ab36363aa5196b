package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CborException;
import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.Fuzz;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.core.log.Head;
import coffer.core.tlog.Checkpoint;
import coffer.core.tlog.EntryBundle;
import coffer.core.tlog.Frontier;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.SnapshotHeader;
import coffer.seal.SnapshotItem;
import coffer.seal.SnapshotWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands behind the decoders of a device, tried with input that is well-formed as often as not.
class RulesFuzzTest {

    private static final DeviceId DEVICE = DeviceId.of(new byte[32]);
    private static final List<String> NAMES = List.of("a", "a.txt", "b", "A");

    @TempDir
    private Path home = Path.of("target/fuzz-home");

    private ReplicaDb db;
    private Replica replica;
    private int vaults;

    @BeforeEach
    void open() throws IOException, CofferException {
        db = ReplicaDb.open(Files.createTempDirectory(Files.createDirectories(home), "replica").resolve("replica.db"));
        replica = new Replica(db, InstantSource.fixed(Instant.ofEpochSecond(1_000_000)));
    }

    @AfterEach
    void close() {
        db.close();
    }

    private LogId nextVault() {
        return LogId.of(ByteBuffer.allocate(32).putInt(vaults++).array());
    }

    /// Four bytes make an operation on one of 14 nodes; the tree is that of the plain model.
    @Test
    void rulesOfTrees() throws CofferException {
        byte[] life = {
            2, 1, 0, 0, // a folder
            2, 2, 1, 1, // a file in it
            2, 4, 2, 0, // a folder in a file
            3, 1, 1, 2, // a folder below itself
            2, 3, 0, 4, // another kind of the same name
            0, 1, 0, 0, 1, 1, 0, 0, // removed, and for ever
            6, 2, 0, 1, // by who may only add
        };
        Fuzz.of(
                        "rules of trees",
                        bytes -> {
                            tree(bytes);
                            return null;
                        })
                .from(life, new byte[0])
                .within(64 << 20)
                .slow()
                .run();
    }

    private void tree(byte[] program) throws CofferException {
        db.write(_ -> {
            inOneTransaction(program); // which is forced to the disk once
            return null;
        });
    }

    private void inOneTransaction(byte[] program) throws CofferException {
        TreeModel model = new TreeModel();
        LogId vault = nextVault();
        ByteBuffer in = ByteBuffer.wrap(program);
        for (int sequence = 1; in.remaining() >= 4 && sequence < 60; sequence++) {
            byte[] four = new byte[4];
            in.get(four);
            boolean appendOnly = (four[0] & 4) != 0;
            Operation operation = operation(four);
            EntryInfo entry = new EntryInfo(vault, sequence, 5, DEVICE, appendOnly, 1, List.of(), List.of());
            db.write(tx -> {
                replica.apply(tx, entry, new coffer.seal.CommitBody(List.of(operation), List.of(), List.of()));
                return null;
            });
            model.apply(operation, appendOnly);
        }
        TreeMap<String, String> listed = new TreeMap<>();
        replica.list(vault, "/", true, DeviceId::hex, node ->
                listed.put(node.path(), node.kind() + " " + node.size() + " " + node.nodeId()));
        if (!listed.equals(model.live())) {
            throw new IllegalStateException("the tree is " + listed + " and should be " + model.live());
        }
    }

    private static Operation operation(byte[] four) {
        NodeId node = node(1 + Math.floorMod(four[1], 14));
        int parent = Math.floorMod(four[2], 15);
        Content content = four[1] % 2 == 0
                ? new Content.FileContent(1 + Math.floorMod(four[3], 50), 0, List.of(ChunkId.of(new byte[32])))
                : new Content.Folder();
        if (four[1] % 2 == 0 && Math.floorMod(four[3], 50) == 0) {
            content = new Content.Symlink("elsewhere");
        }
        NodeId in = parent == 0 || node.equals(node(parent)) ? Operation.ROOT : node(parent);
        return switch (four[0] & 3) {
            case 0 -> new Operation.Remove(node);
            case 1 -> new Operation.Purge(node);
            default -> new Operation.Put(node, in, NAMES.get(Math.floorMod(four[3], NAMES.size())), 0, false, content);
        };
    }

    private static NodeId node(int number) {
        return NodeId.of(Arrays.copyOf(new byte[] {(byte) number}, NodeId.SIZE));
    }

    /// A member's word: what does not fit is refused as a whole.
    @Test
    void stateOfASnapshot() throws IOException {
        LogId vault = nextVault();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter writer = new SnapshotWriter(out, new SnapshotHeader(vault, new Head(9, Hash.of(new byte[1]))));
        Operation.Put folder = new Operation.Put(node(1), Operation.ROOT, "folder", 5, false, new Content.Folder());
        Content.FileContent content = new Content.FileContent(40, 0, List.of(ChunkId.of(new byte[32])));
        writer.write(new SnapshotItem.NodeItem(folder, 3, DEVICE));
        writer.write(new SnapshotItem.NodeItem(new Operation.Put(node(2), node(1), "file", 5, true, content), 4, DEVICE));
        writer.write(new SnapshotItem.TrashItem(
                new SnapshotItem.NodeItem(new Operation.Put(node(3), node(1), "gone", 5, true, content), 5, DEVICE), 7, 7));
        writer.end();
        Fuzz.of(
                        "state of a snapshot",
                        bytes -> {
                            loaded(vault, bytes);
                            return null;
                        },
                        CborException.class,
                        IOException.class,
                        CofferException.class)
                .from(out.toByteArray())
                .within(64 << 20)
                .slow()
                .run();
    }

    /// Takes back everything it did.
    private static final class TakenBack extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void loaded(LogId vault, byte[] stream) throws CofferException, CborException, IOException {
        Exception[] refused = {null};
        try {
            db.write(tx -> {
                try {
                    new SnapshotLoad(tx, vault, new ByteArrayInputStream(stream)).items();
                } catch (CborException | IOException e) {
                    refused[0] = e;
                }
                throw new TakenBack();
            });
        } catch (TakenBack e) {
            if (refused[0] instanceof CborException cbor) {
                throw cbor;
            }
            if (refused[0] instanceof IOException io) {
                throw io;
            }
        }
    }

    /// The service has its key and can sign any statements; whatever their order, they are refused or lead to one directory.
    @Test
    void statementsInAnyOrder() {
        byte[][] good = {
            EntryBundle.encode(List.of(
                    new Statement.RegionAdded(1, "de", "Germany", "Germany").encode(),
                    new Statement.ProviderStated(2, "one", "One GmbH", "de", List.of(FakeLog.ORIGIN), 1_000).encode(),
                    FakeLog.state("one", ProviderState.ACTIVE, 1_000).encode(),
                    new Statement.PlacementStated(3, "de", 2).encode()))
        };
        Fuzz.of(
                        "statements in any order",
                        bytes -> {
                            for (int width = 1; width <= 6; width++) {
                                fold(bytes, width);
                            }
                            return null;
                        })
                .from(good)
                .run();
        assertThat(fold(good[0], 4)).isTrue();
    }

    private static boolean fold(byte[] bundle, int width) {
        try {
            ProviderDirectory directory = ProviderDirectory.EMPTY;
            for (byte[] entry : EntryBundle.decode(bundle, width)) {
                ProviderDirectory next = LogReader.fold(directory, LogReader.statement(entry));
                for (ProviderDirectory.Provider known : directory.providers().values()) {
                    if (!next.provider(known.id()).orElseThrow().region().equals(known.region())) {
                        throw new IllegalStateException("a provider moved to another region");
                    }
                }
                directory = next;
            }
            return true;
        } catch (CborException | CofferException e) {
            return false;
        }
    }

    /// What is served is what was signed, or refused.
    @Test
    void tilesAsServed() throws CofferException {
        FakeLog log = FakeLog.begun();
        List<byte[]> entries = new ArrayList<>();
        Checkpoint checkpoint = new LogReader(log).checkpoint(log.signer.verifier());
        new LogReader(log).since(Frontier.EMPTY, checkpoint).entries().forEach(entries::add);
        byte[] good = EntryBundle.encode(entries);
        Fuzz.of(
                        "tiles as served",
                        bytes -> {
                            FakeLog lying = FakeLog.begun();
                            lying.bundle = _ -> bytes;
                            lying.hashes = _ -> bytes;
                            return EntryBundle.encode(new LogReader(lying).since(Frontier.EMPTY, checkpoint).entries());
                        },
                        CofferException.class)
                .from(good)
                .run();
        Fuzz.of(
                        "checkpoint as served",
                        bytes -> {
                            FakeLog lying = FakeLog.begun();
                            lying.note = _ -> bytes;
                            new LogReader(lying).checkpoint(log.signer.verifier());
                            return null;
                        },
                        CofferException.class)
                .from(log.checkpoint())
                .run();
    }
}
