package coffer.seal;

import static coffer.seal.VectorFile.bytes;
import static coffer.seal.VectorFile.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborWriter;
import coffer.core.ChunkId;
import coffer.core.DeviceId;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.core.log.Head;
import coffer.seal.Content.FileContent;
import coffer.seal.Content.Folder;
import coffer.seal.Content.Symlink;
import coffer.seal.Operation.Purge;
import coffer.seal.Operation.Put;
import coffer.seal.Operation.Remove;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Makes the vectors of bodies and snapshots, compares them with those checked in, and applies those to the code.
class BodyVectorsTest {

    private static final String DECODES = "decodes";
    private static final String MALFORMED = "malformed";

    private static final NodeId NODE = NodeId.of(fill(1, 16));
    private static final NodeId OTHER = NodeId.of(fill(2, 16));
    private static final ChunkId CHUNK = ChunkId.of(fill(3, 32));
    private static final PackId PACK = PackId.of(fill(4, 32));
    private static final LogId LOG = LogId.of(fill(5, 32));
    private static final Head HEAD = new Head(9, new Hash(Bytes.of(fill(6, 32))));

    private final VectorFile file = new VectorFile("bodies/bodies.json", "docs/spec/bodies.md");

    private static byte[] fill(int first, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    private void good(String type, String name, byte[] encoded) {
        file.add(name, DECODES).put("type", type).put("encoded", hex(encoded));
    }

    private void bad(String type, String name, byte[] encoded) {
        file.add(name, MALFORMED).put("type", type).put("encoded", hex(encoded));
    }

    private void badCommit(String name, Consumer<CborWriter> operation) {
        CborWriter out = new CborWriter().map(3).integer(1).array(1);
        operation.accept(out);
        bad("commit", name, out.integer(2).array(0).integer(3).array(0).toByteArray());
    }

    private static Consumer<CborWriter> put(byte[] node, byte[] parent, String name, int kind, Consumer<CborWriter> content) {
        return out -> {
            out.array(8).integer(1).bytes(node).bytes(parent).text(name).integer(kind).integer(0).integer(0);
            content.accept(out);
        };
    }

    private static Consumer<CborWriter> named(String name) {
        return put(NODE.toArray(), new byte[16], name, 2, CborWriter::nil);
    }

    private static Consumer<CborWriter> fileOf(long size, int depth, int chunks) {
        return put(NODE.toArray(), new byte[16], "f", 1, out -> {
            out.array(3).integer(size).integer(depth).array(chunks);
            for (int i = 0; i < chunks; i++) {
                out.bytes(CHUNK.value());
            }
        });
    }

    private static byte[] packed(long size, int[]... places) {
        CborWriter out = new CborWriter().map(3).integer(1).array(0).integer(2).array(1).array(3).bytes(PACK.value());
        out.integer(size).array(places.length);
        for (int[] place : places) {
            out.array(4).bytes(CHUNK.value()).integer(place[0]).integer(place[1]).integer(place[2]);
        }
        return out.integer(3).array(0).toByteArray();
    }

    @Test
    void bodies() throws Exception {
        commits();
        others();
        snapshots();
        JsonNode cases = file.checkedIn();
        assertThat(cases).hasSizeGreaterThan(60);
        int good = 0;
        for (JsonNode vector : cases) {
            String name = vector.get("name").textValue();
            String type = vector.get("type").textValue();
            byte[] encoded = bytes(vector, "encoded");
            if (vector.get("result").textValue().equals(DECODES)) {
                assertThat(recode(type, encoded)).as(name).isEqualTo(encoded);
                good++;
            } else {
                assertThatThrownBy(() -> recode(type, encoded))
                        .as(name)
                        .isInstanceOfAny(CborException.class, EOFException.class);
            }
        }
        assertThat(good).isEqualTo(10);
    }

    private void commits() {
        FileContent content = new FileContent(25, 0, List.of(CHUNK, ChunkId.of(fill(7, 32))));
        PackContents contents = new PackContents(
                List.of(new ChunkPlace(CHUNK, 0, 102, 20), new ChunkPlace(ChunkId.of(fill(7, 32)), 102, 86, 5)));
        CommitBody full = new CommitBody(
                List.of(
                        new Put(NODE, Operation.ROOT, "folder", 1_767_323_045_000_000_000L, false, new Folder()),
                        new Put(OTHER, NODE, "caf\u00e9.txt", -1, true, content),
                        new Put(NodeId.of(fill(8, 16)), NODE, "link", 0, false, new Symlink("../elsewhere")),
                        new Put(NodeId.of(fill(9, 16)), NODE, "large", 0, false, new FileContent(1L << 40, 1, List.of(CHUNK))),
                        new Remove(OTHER),
                        new Purge(OTHER)),
                List.of(new PackAdded(PACK, 512, contents)),
                List.of(new KnownHead(LOG, HEAD)));
        good("commit", "commit_of_everything", full.encode());
        good("commit", "commit_of_nothing", new CommitBody(List.of(), List.of(), List.of()).encode());
        byte[] empty = HexFormat.of().parseHex("a3018002800380");
        bad("commit", "commit_nothing_at_all", new byte[0]);
        bad("commit", "commit_key_missing", HexFormat.of().parseHex("a201800280"));
        bad("commit", "commit_key_unknown", HexFormat.of().parseHex("a40180028003800480"));
        bad("commit", "commit_keys_out_of_order", HexFormat.of().parseHex("a3028001800380"));
        bad("commit", "commit_trailing_byte", Arrays.copyOf(empty, 8));
        bad("commit", "commit_count_not_shortest", HexFormat.of().parseHex("a301980002800380"));
        bad("commit", "commit_indefinite_array", HexFormat.of().parseHex("a3019fff02800380"));
        bad("commit", "commit_too_many_operations", HexFormat.of().parseHex("a30119c351"));
        badCommit("operation_unknown", out -> out.array(2).integer(4).bytes(NODE.toArray()));
        badCommit("operation_of_another_length", out -> out.array(1).integer(2));
        badCommit("remove_the_root", out -> out.array(2).integer(2).bytes(new byte[16]));
        badCommit("purge_the_root", out -> out.array(2).integer(3).bytes(new byte[16]));
        badCommit("put_the_root", put(new byte[16], NODE.toArray(), "x", 2, CborWriter::nil));
        badCommit("put_into_itself", put(NODE.toArray(), NODE.toArray(), "x", 2, CborWriter::nil));
        badCommit("node_id_of_15_bytes", put(fill(1, 15), new byte[16], "x", 2, CborWriter::nil));
        badCommit("name_empty", named(""));
        badCommit("name_dot", named("."));
        badCommit("name_dot_dot", named(".."));
        badCommit("name_with_slash", named("a/b"));
        badCommit("name_with_nul", named("a\0b"));
        badCommit("name_not_nfc", named("cafe\u0301"));
        badCommit("name_of_256_bytes", named("x".repeat(256)));
        badCommit("name_not_utf8", out -> out.encoded(HexFormat.of()
                .parseHex("8801" + "50" + hex(NODE.toArray()) + "50" + "00".repeat(16) + "62c328" + "020000f6")));
        badCommit("kind_unknown", put(NODE.toArray(), new byte[16], "x", 4, CborWriter::nil));
        badCommit("folder_with_content", put(NODE.toArray(), new byte[16], "x", 2, out -> out.integer(0)));
        badCommit("flags_unknown", out -> out.array(8)
                .integer(1).bytes(NODE.toArray()).bytes(new byte[16]).text("x").integer(2).integer(0).integer(2).nil());
        badCommit("link_to_nothing", put(NODE.toArray(), new byte[16], "x", 3, out -> out.text("")));
        badCommit("link_with_nul", put(NODE.toArray(), new byte[16], "x", 3, out -> out.text("\0")));
        badCommit("link_of_4096_bytes", put(NODE.toArray(), new byte[16], "x", 3, out -> out.text("x".repeat(4_096))));
        badCommit("file_empty_with_chunk", fileOf(0, 0, 1));
        badCommit("file_empty_with_depth", fileOf(0, 1, 0));
        badCommit("file_without_chunks", fileOf(5, 0, 0));
        badCommit("file_with_more_chunks_than_bytes", fileOf(1, 0, 2));
        badCommit("file_too_large", fileOf((1L << 46) + 1, 3, 1));
        badCommit("file_too_deep", fileOf(5, 4, 1));
        badCommit("file_of_negative_size", fileOf(-1, 0, 1));
        bad("commit", "pack_of_no_bytes", packed(0));
        bad("commit", "pack_too_large", packed((64 << 20) + 1));
        bad("commit", "pack_shorter_than_its_records", packed(101, new int[] {0, 102, 20}));
        bad("commit", "records_overlap", packed(512, new int[] {0, 102, 20}, new int[] {101, 86, 5}));
        bad("commit", "records_out_of_order", packed(512, new int[] {102, 86, 5}, new int[] {0, 102, 20}));
        bad("commit", "record_longer_than_its_chunk_can_make", packed(512, new int[] {0, 103, 20}));
        bad("commit", "record_shorter_than_any", packed(512, new int[] {0, 72, 20}));
        bad("commit", "chunk_too_large", packed(512, new int[] {0, 102, (8 << 20) + 1}));
        CborWriter twice = new CborWriter().map(3).integer(1).array(0).integer(2).array(0).integer(3).array(2);
        for (int i = 0; i < 2; i++) {
            twice.array(2).bytes(LOG.value());
            HEAD.writeTo(twice);
        }
        bad("commit", "head_twice", twice.toByteArray());
    }

    private void others() {
        good("account", "device_name", new AccountBody.DeviceName("Anna\u2019s laptop").encode());
        AccountBody.Vault home = new AccountBody.Vault(LOG, "Home", AccountBody.VaultKind.HOME);
        AccountBody.Vault own = new AccountBody.Vault(LogId.of(fill(4, 32)), "Work", AccountBody.VaultKind.OWN);
        byte[] settings = new AccountBody.Settings(List.of(home, own)).encode();
        good("account", "settings", settings);
        good("account", "settings_without_vaults", new AccountBody.Settings(List.of()).encode());
        bad("account", "account_empty_map", HexFormat.of().parseHex("a0"));
        bad("account", "account_unknown_key", HexFormat.of().parseHex("a1036161"));
        bad("account", "account_two_keys", HexFormat.of().parseHex("a20161610280"));
        bad("account", "device_name_empty", HexFormat.of().parseHex("a10160"));
        bad("account", "device_name_with_nul", HexFormat.of().parseHex("a1016100"));
        byte[] swapped = settings.clone();
        int size = (settings.length - 3) / 2;
        System.arraycopy(settings, 3, swapped, 3 + size, size);
        System.arraycopy(settings, 3 + size, swapped, 3, size);
        bad("account", "vaults_out_of_order", swapped);
        byte[] kind = settings.clone();
        kind[kind.length - 1] = 3;
        bad("account", "vault_kind_unknown", kind);
        try (Secret secret = Secret.of(fill(10, 32));
                VaultGenesisBody genesis = VaultGenesisBody.of(secret, "Home")) {
            byte[] encoded = genesis.encode();
            good("vault-genesis", "vault_genesis", encoded);
            byte[] zero = encoded.clone();
            Arrays.fill(zero, 4, 36, (byte) 0);
            bad("vault-genesis", "dedup_secret_all_zero", zero);
            bad("vault-genesis", "vault_genesis_cut", Arrays.copyOf(encoded, encoded.length - 1));
        }
        bad("vault-genesis", "dedup_secret_of_31_bytes", new CborWriter()
                .map(2).integer(1).bytes(fill(10, 31)).integer(2).text("Home").toByteArray());
        bad("vault-genesis", "vault_name_empty", new CborWriter()
                .map(2).integer(1).bytes(fill(10, 32)).integer(2).text("").toByteArray());
    }

    private void snapshots() throws IOException {
        PackContents part = new PackContents(List.of(new ChunkPlace(CHUNK, 700, 1_096, 1_000)));
        SnapshotItem.PackItem pack = new SnapshotItem.PackItem(PACK, 5_000, 3, part);
        SnapshotItem.PackItem later = new SnapshotItem.PackItem(PackId.of(fill(5, 32)), 5_000, 3, part);
        SnapshotBody body = new SnapshotBody(new FileContent(1_000, 0, List.of(CHUNK)), List.of(pack, later));
        byte[] encoded = body.encode();
        good("snapshot", "snapshot", encoded);
        good("snapshot", "snapshot_of_nothing", new SnapshotBody(new FileContent(0, 0, List.of()), List.of()).encode());
        byte[] swapped = encoded.clone();
        byte[] without = new SnapshotBody(body.content(), List.of()).encode();
        int size = (encoded.length - without.length) / 2;
        System.arraycopy(encoded, without.length, swapped, without.length + size, size);
        System.arraycopy(encoded, without.length + size, swapped, without.length, size);
        bad("snapshot", "snapshot_packs_out_of_order", swapped);
        bad("snapshot", "snapshot_cut", Arrays.copyOf(encoded, encoded.length - 1));
        DeviceId author = DeviceId.of(fill(11, 32));
        SnapshotItem.NodeItem node = new SnapshotItem.NodeItem(
                new Put(NODE, Operation.ROOT, "folder", 5, false, new Folder()), 3, author);
        SnapshotItem.NodeItem second = new SnapshotItem.NodeItem(
                new Put(OTHER, NODE, "link", 5, false, new Symlink("target")), 4, author);
        byte[] stream = stream(node, second, new SnapshotItem.TrashItem(node, 8, 1_767_323_045_000L),
                new SnapshotItem.VersionItem(node, 5, java.util.OptionalLong.empty()), pack, later);
        good("snapshot-stream", "stream", stream);
        good("snapshot-stream", "stream_of_nothing", stream());
        int end = stream().length - end(0, 0, 0).length;
        bad("snapshot-stream", "stream_without_end", Arrays.copyOf(stream(), end));
        bad("snapshot-stream", "stream_cut", Arrays.copyOf(stream, stream.length - 1));
        bad("snapshot-stream", "stream_goes_on_after_the_end", Arrays.copyOf(stream, stream.length + 1));
        bad("snapshot-stream", "stream_counts_nodes_wrongly", join(Arrays.copyOf(stream(), end), end(1, 0, 0)));
        byte[] nodeItem = Arrays.copyOfRange(stream(node), end, stream(node).length - end(1, 0, 0).length);
        bad("snapshot-stream", "stream_node_twice", join(Arrays.copyOf(stream(), end), nodeItem, nodeItem, end(2, 0, 0)));
        bad("snapshot-stream", "stream_without_header", join(nodeItem, end(1, 0, 0)));
        byte[] version = stream().clone();
        version[4] = 2;
        bad("snapshot-stream", "stream_of_another_version", version);
        bad("snapshot-stream", "stream_item_of_1_GiB", HexFormat.of().parseHex("5a40000000"));
        bad("snapshot-stream", "stream_item_length_not_shortest", join(new byte[] {0x59, 0}, Arrays.copyOfRange(stream(), 1, stream().length)));
        bad("snapshot-stream", "stream_of_nothing_at_all", new byte[0]);
    }

    private static byte[] stream(SnapshotItem... items) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter writer = new SnapshotWriter(out, new SnapshotHeader(LOG, HEAD));
        for (SnapshotItem item : items) {
            writer.write(item);
        }
        writer.end();
        return out.toByteArray();
    }

    private static byte[] end(int nodes, int trash, int packs) {
        byte[] item = new CborWriter().array(5).integer(5).integer(nodes).integer(trash).integer(0).integer(packs).toByteArray();
        return new CborWriter().bytes(item).toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] recode(String type, byte[] encoded) throws CborException, IOException {
        return switch (type) {
            case "commit" -> CommitBody.decode(encoded).encode();
            case "account" -> AccountBody.decode(encoded).encode();
            case "vault-genesis" -> VaultGenesisBody.decode(encoded).encode();
            case "snapshot" -> SnapshotBody.decode(encoded).encode();
            case "snapshot-stream" -> recodeStream(encoded);
            default -> throw new AssertionError("unknown type of vector: " + type);
        };
    }

    static byte[] recodeStream(byte[] encoded) throws CborException, IOException {
        SnapshotReader reader = new SnapshotReader(new ByteArrayInputStream(encoded));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter writer = new SnapshotWriter(out, reader.header());
        for (Optional<SnapshotItem> item = reader.next(); item.isPresent(); item = reader.next()) {
            writer.write(item.get());
        }
        writer.end();
        return out.toByteArray();
    }
}
