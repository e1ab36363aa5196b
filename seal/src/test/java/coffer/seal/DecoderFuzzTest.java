package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.DeviceId;
import coffer.core.Fuzz;
import coffer.core.Hash;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.core.PackId;
import coffer.core.log.Head;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Every decoder of this module, on bytes that a member, a provider or a stranger may have made.
class DecoderFuzzTest {

    private final FixedRandom random = new FixedRandom(77);
    private final LogId vault = LogId.of(random.bytes(32));
    private final VaultKeys keys = VaultKeys.of(random.secret(), 1);
    private final DedupKeys dedup = DedupKeys.of(random.secret());

    private NodeId node() {
        return NodeId.of(random.bytes(16));
    }

    private ChunkId chunk() {
        return ChunkId.of(random.bytes(32));
    }

    private PackContents contents() {
        return new PackContents(List.of(new ChunkPlace(chunk(), 0, 100, 20), new ChunkPlace(chunk(), 100, 86, 5)));
    }

    private Head head() {
        return new Head(9, new Hash(Bytes.of(random.bytes(32))));
    }

    private Operation file(String name, Content.FileContent content) {
        return new Operation.Put(node(), node(), name, 7, false, content);
    }

    @Test
    void commitBody() {
        CommitBody body = new CommitBody(
                List.of(
                        new Operation.Put(node(), Operation.ROOT, "folder", -5, true, new Content.Folder()),
                        file("caf\u00e9", new Content.FileContent(25, 0, List.of(chunk(), chunk()))),
                        file("deep", new Content.FileContent(1L << 34, 1, List.of(chunk()))),
                        new Operation.Put(node(), node(), "link", 7, false, new Content.Symlink("../elsewhere")),
                        new Operation.Remove(node()),
                        new Operation.Purge(node())),
                List.of(new PackAdded(PackId.of(random.bytes(32)), 512, contents())),
                List.of(new KnownHead(LogId.of(random.bytes(32)), head())));
        byte[] empty = new CommitBody(List.of(), List.of(), List.of()).encode();
        Fuzz.of("commit body", bytes -> CommitBody.decode(bytes).encode(), CborException.class)
                .from(body.encode(), empty)
                .run();
    }

    @Test
    void snapshotBody() {
        SnapshotBody body = new SnapshotBody(
                new Content.FileContent(1_000, 0, List.of(chunk())),
                List.of(new SnapshotItem.PackItem(PackId.of(random.bytes(32)), 5_000, 3, contents())));
        Fuzz.of("snapshot body", bytes -> SnapshotBody.decode(bytes).encode(), CborException.class)
                .from(body.encode())
                .run();
    }

    @Test
    void accountBody() {
        AccountBody settings = new AccountBody.Settings(List.of(
                new AccountBody.Vault(LogId.of(random.bytes(32)), "Home", AccountBody.VaultKind.HOME),
                new AccountBody.Vault(LogId.of(random.bytes(32)), "Work", AccountBody.VaultKind.OWN)));
        Fuzz.of("account body", bytes -> AccountBody.decode(bytes).encode(), CborException.class)
                .from(settings.encode(), new AccountBody.DeviceName("Anna\u2019s laptop").encode())
                .run();
    }

    @Test
    void vaultGenesisBody() {
        Fuzz.of(
                        "vault genesis body",
                        bytes -> {
                            try (VaultGenesisBody body = VaultGenesisBody.decode(bytes)) {
                                return body.encode();
                            }
                        },
                        CborException.class)
                .from(VaultGenesisBody.of(random.secret(), "Home").encode())
                .run();
    }

    @Test
    void packContents() {
        byte[] good = encoded(contents());
        Fuzz.of("pack contents", DecoderFuzzTest::contentsAgain, CborException.class)
                .from(good)
                .run();
    }

    private static byte[] encoded(PackContents contents) {
        CborWriter out = new CborWriter();
        contents.writeTo(out);
        return out.toByteArray();
    }

    private static byte[] contentsAgain(byte[] bytes) throws CborException {
        CborReader in = new CborReader(bytes);
        PackContents read = PackContents.readFrom(in);
        in.end();
        return encoded(read);
    }

    @Test
    void manifestList() {
        byte[] good = random.bytes(32 * 40);
        Fuzz.of(
                        "manifest list",
                        bytes -> {
                            ByteArrayOutputStream out = new ByteArrayOutputStream();
                            Manifest.ids(bytes).forEach(id -> out.writeBytes(id.toArray()));
                            return out.toByteArray();
                        },
                        OpenException.class)
                .from(good)
                .run();
    }

    /// Compressed content may be said in many ways; what is read is never more than declared.
    @Test
    void frame() {
        byte[] noise = frame(random.bytes(3_000));
        byte[] text = frame(random.textLike(9_000));
        Fuzz.of(
                        "frame",
                        bytes -> {
                            byte[] content = new byte[Frame.contentSize(Slice.of(bytes), 10_000)];
                            Frame.read(Slice.of(bytes), Slice.of(content));
                            return null;
                        },
                        OpenException.class)
                .from(noise, text, frame(new byte[0]))
                .run();
    }

    private static byte[] frame(byte[] content) {
        byte[] out = new byte[Frame.sizeMax(content.length)];
        return Arrays.copyOf(out, Frame.write(Slice.of(content), out));
    }

    @Test
    void snapshotStream() throws IOException {
        Operation.Put put = new Operation.Put(
                node(), Operation.ROOT, "n", 5, false, new Content.FileContent(40, 0, List.of(chunk())));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotWriter writer = new SnapshotWriter(out, new SnapshotHeader(vault, head()));
        writer.write(new SnapshotItem.NodeItem(put, 3, DeviceId.of(random.bytes(32))));
        writer.write(new SnapshotItem.PackItem(PackId.of(random.bytes(32)), 512, 2, contents()));
        writer.end();
        Fuzz.of("snapshot stream", BodyVectorsTest::recodeStream, CborException.class, EOFException.class)
                .from(out.toByteArray())
                .run();
    }

    /// Requires that nothing opens but what was sealed.
    private static Fuzz onlyWhatWasSealed(String name, byte[] sealed, Opening opening) {
        return Fuzz.of(
                        name,
                        bytes -> {
                            opening.open(bytes);
                            return sealed;
                        },
                        OpenException.class)
                .from(sealed);
    }

    private interface Opening {
        void open(byte[] sealed) throws OpenException;
    }

    @Test
    void sealedMessage() {
        Secret key = random.secret();
        byte[] context = random.bytes(20);
        byte[] sealed = Sealing.seal(key, Label.COMMIT, context, random.bytes(20_000));
        onlyWhatWasSealed("sealed message", sealed, bytes -> Sealing.open(key, Label.COMMIT, context, bytes)).run();
    }

    @Test
    void sealedBody() {
        byte[] context = random.bytes(20);
        byte[] sealed = keys.sealBody(context, random.bytes(500));
        onlyWhatWasSealed("sealed body", sealed, bytes -> keys.openBody(context, bytes)).run();
    }

    @Test
    void sealedChunk() throws CofferException {
        ChunkCodec codec = new ChunkCodec(keys, dedup, vault);
        byte[] content = random.textLike(3_000);
        ChunkId id = dedup.id(content);
        byte[] out = new byte[ChunkCodec.sealedSizeMax(content.length)];
        byte[] sealed = Arrays.copyOf(out, codec.seal(id, Slice.of(content), out, 0));
        byte[] good = Arrays.copyOf(out, sealed.length);
        onlyWhatWasSealed("sealed chunk", good, bytes -> codec.open(id, Slice.of(bytes))).within(32 << 20).run();
    }

    /// Records and padding are not the index's to protect: the pack's id and the chunks are for that.
    @Test
    void packIndex() throws Exception {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        PackBuilder builder = new PackBuilder(sink, keys, vault, random);
        ChunkCodec codec = new ChunkCodec(keys, dedup, vault);
        for (int size : new int[] {300, 200}) {
            byte[] content = random.bytes(size);
            ChunkId id = dedup.id(content);
            byte[] out = new byte[ChunkCodec.sealedSizeMax(size)];
            builder.append(id, size, new Slice(out, 0, codec.seal(id, Slice.of(content), out, 0)));
        }
        PackContents expected = builder.finish().contents();
        Fuzz.of(
                        "pack",
                        bytes -> {
                            assertThat(PackReader.contents(keys, vault, Slice.of(bytes))).isEqualTo(expected);
                            return null;
                        },
                        OpenException.class)
                .from(sink.toByteArray())
                .run();
    }

    @Test
    void wrappedSecret() {
        WrapKeys recipient = WrapKeys.of(random.secret()); // not closed: a guided run goes on after the test
        byte[] info = random.bytes(30);
        byte[] wrapped = Wrapping.wrap(recipient.publicKey(), info, random.bytes(32));
        onlyWhatWasSealed("wrapped secret", wrapped, bytes -> Wrapping.unwrap(recipient, info, bytes)).slow().run();
    }

    @Test
    void deviceSecrets() throws Exception {
        try (DeviceKeys device = DeviceKeys.generate(random)) {
            Fuzz.of(
                            "device secrets",
                            bytes -> {
                                try (DeviceKeys again = DeviceKeys.decodeSecrets(bytes)) {
                                    return again.encodeSecrets();
                                }
                            },
                            IllegalArgumentException.class)
                    .from(device.encodeSecrets())
                    .run();
        }
    }

    /// People type in many ways; what is accepted is this code or another whole one.
    @Test
    void joinCode() {
        byte[] typed = JoinCode.generate(random).text().getBytes(StandardCharsets.UTF_8);
        Fuzz.of(
                        "join code",
                        bytes -> {
                            try (JoinCode code = JoinCode.parse(new String(bytes, StandardCharsets.UTF_8));
                                    JoinCode again = JoinCode.parse(code.text())) {
                                assertThat(again.mailboxId()).isEqualTo(code.mailboxId());
                            }
                            return null;
                        },
                        CofferException.class)
                .from(typed)
                .run();
    }

    @Test
    void recoveryWords() {
        try (RecoveryKey key = RecoveryKey.generate(random)) {
            byte[] typed = String.join(" ", key.words()).getBytes(StandardCharsets.UTF_8);
            Fuzz.of(
                            "recovery words",
                            bytes -> {
                                try (RecoveryKey again = RecoveryKey.parse(new String(bytes, StandardCharsets.UTF_8))) {
                                    assertThat(again.words()).hasSize(24);
                                }
                                return null;
                            },
                            RecoveryWordsException.class)
                    .from(typed)
                    .run();
        }
    }
}
