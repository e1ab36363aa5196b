package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.ChunkId;
import coffer.core.Hash;
import coffer.core.Limits;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodiesTest {

    private final FixedRandom random = new FixedRandom(80);

    private NodeId node() {
        return NodeId.of(random.bytes(16));
    }

    private ChunkId chunk() {
        return ChunkId.of(random.bytes(32));
    }

    private Put put(String name, Content content) {
        return new Put(node(), Operation.ROOT, name, -5, true, content);
    }

    private CommitBody commit() {
        PackContents contents =
                new PackContents(List.of(new ChunkPlace(chunk(), 0, 100, 20), new ChunkPlace(chunk(), 100, 86, 5)));
        return new CommitBody(
                List.of(
                        put("folder", new Folder()),
                        put("caf\u00e9.txt", new FileContent(25, 0, List.of(chunk(), chunk()))),
                        put("empty", new FileContent(0, 0, List.of())),
                        put("link", new Symlink("../elsewhere")),
                        new Remove(node()),
                        new Purge(node())),
                List.of(new PackAdded(PackId.of(random.bytes(32)), 512, contents)),
                List.of(new KnownHead(LogId.of(random.bytes(32)), new Head(9, new Hash(Bytes.of(random.bytes(32)))))));
    }

    @FunctionalInterface
    private interface Recode {
        byte[] apply(byte[] encoded) throws CborException;
    }

    /// Whatever decodes at all must be the one encoding of what it says.
    private static int acceptedChanges(byte[] good, Recode recode) {
        int accepted = 0;
        for (int i = 0; i < good.length; i++) {
            for (int change : new int[] {1, 2, 0x10, 0x20, 0x80, 0xff}) {
                byte[] altered = good.clone();
                altered[i] ^= (byte) change;
                try {
                    assertThat(recode.apply(altered)).isEqualTo(altered);
                    accepted++;
                } catch (CborException e) {
                    assertThat(e).hasNoCause();
                }
            }
            byte[] cut = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> recode.apply(cut)).isInstanceOf(CborException.class);
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThatThrownBy(() -> recode.apply(longer)).isInstanceOf(CborException.class);
        return accepted;
    }

    @Test
    void commit_comesBackAndChangedBytesAreRefusedOrCanonical() throws CborException {
        CommitBody body = commit();
        byte[] encoded = body.encode();
        assertThat(CommitBody.decode(encoded)).isEqualTo(body);
        assertThat(acceptedChanges(encoded, altered -> CommitBody.decode(altered).encode()))
                .isPositive();
    }

    @Test
    void commit_mayBeEmpty() throws CborException {
        CommitBody empty = new CommitBody(List.of(), List.of(), List.of());
        assertThat(empty.encode()).hasSize(7);
        assertThat(CommitBody.decode(empty.encode())).isEqualTo(empty);
    }

    @Test
    void commit_refusesWhatIsOutOfOrderOrThereTwice() {
        KnownHead low = new KnownHead(LogId.of(new byte[32]), new Head(1, new Hash(Bytes.of(random.bytes(32)))));
        KnownHead high = new KnownHead(LogId.of(random.bytes(32)), low.head());
        byte[] sorted = new CommitBody(List.of(), List.of(), List.of(high, low)).encode();
        assertThat(sorted).isEqualTo(new CommitBody(List.of(), List.of(), List.of(low, high)).encode());
        byte[] swapped = sorted.clone();
        int size = (sorted.length - 7) / 2;
        System.arraycopy(sorted, 7, swapped, 7 + size, size);
        System.arraycopy(sorted, 7 + size, swapped, 7, size);
        assertThatThrownBy(() -> CommitBody.decode(swapped)).isInstanceOf(CborException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CommitBody(List.of(), List.of(), List.of(low, low)));
    }

    @Test
    void commit_refusesTooManyOperations() {
        List<Operation> many = new ArrayList<>();
        for (int i = 0; i <= Limits.OPERATIONS_MAX; i++) {
            many.add(new Remove(node()));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new CommitBody(many, List.of(), List.of()));
    }

    @Test
    void commit_sealedThroughItsKeysComesBack() throws Exception {
        CommitBody body = commit();
        try (VaultKeys keys = VaultKeys.of(random.secret(), 1)) {
            byte[] sealed = keys.sealBody(new byte[] {1}, body.encode());
            assertThat(CommitBody.decode(keys.openBody(new byte[] {1}, sealed))).isEqualTo(body);
        }
    }

    @Test
    void names_areNfcAndNeverAPath() {
        List<String> good = List.of("a", "caf\u00e9", "...", " x ", "CON", "a:b", "\u202e", "\uD83D\uDE00", "x".repeat(255));
        List<String> bad = List.of(
                "", ".", "..", "a/b", "/", "a\0b", "cafe\u0301", "x".repeat(256), "\u00e9".repeat(128), "a\uD83D", "\uDE00");
        assertThat(good).allMatch(Names::isAcceptable);
        assertThat(bad).noneMatch(Names::isAcceptable);
        for (String name : bad) {
            assertThatIllegalArgumentException().isThrownBy(() -> put(name, new Folder()));
        }
    }

    @Test
    void decode_refusesNamesThatNoWriterWouldWrite() {
        byte[] good = new CommitBody(List.of(put("ab", new Folder())), List.of(), List.of()).encode();
        int at = indexOf(good, new byte[] {0x62, 'a', 'b'});
        for (String bad : List.of("..", "a/", "\0a")) {
            byte[] altered = good.clone();
            System.arraycopy(bad.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, altered, at + 1, 2);
            assertThatThrownBy(() -> CommitBody.decode(altered)).isInstanceOf(CborException.class);
        }
    }

    @Test
    void operations_neverNameTheRootOrMakeANodeItsOwnParent() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Remove(Operation.ROOT));
        assertThatIllegalArgumentException().isThrownBy(() -> new Purge(Operation.ROOT));
        NodeId node = node();
        assertThatIllegalArgumentException().isThrownBy(() -> new Put(node, node, "x", 0, false, new Folder()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Put(Operation.ROOT, node, "x", 0, false, new Folder()));
    }

    @Test
    void decode_refusesTheRootAsANode() {
        byte[] good = new CommitBody(List.of(new Remove(node())), List.of(), List.of()).encode();
        byte[] altered = good.clone();
        Arrays.fill(altered, good.length - 4 - 16, good.length - 4, (byte) 0);
        assertThatThrownBy(() -> CommitBody.decode(altered)).isInstanceOf(CborException.class);
    }

    @Test
    void fileContent_hasChunksExactlyIfItHasBytes() {
        List<ChunkId> one = List.of(chunk());
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(0, 0, one));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(0, 1, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(1, 0, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(-1, 0, one));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(1, -1, one));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(1, 4, one));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(1, 0, List.of(chunk(), chunk())));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileContent(Limits.FILE_BYTES_MAX + 1, 0, one));
    }

    @Test
    void manifest_listsComeBack() throws OpenException {
        List<ChunkId> ids = new ArrayList<>();
        for (int i = 0; i < Limits.CHUNKS_PER_LIST_MAX + 3; i++) {
            ids.add(chunk());
        }
        assertThat(Manifest.needsLists(ids)).isTrue();
        assertThat(Manifest.needsLists(ids.subList(0, Limits.CHUNKS_PER_LIST_MAX))).isFalse();
        List<byte[]> lists = Manifest.lists(ids);
        assertThat(lists).hasSize(2);
        List<ChunkId> back = new ArrayList<>();
        for (byte[] list : lists) {
            back.addAll(Manifest.ids(list));
        }
        assertThat(back).isEqualTo(ids);
        for (int wrong : new int[] {0, 1, 31, 33, 32 * (Limits.CHUNKS_PER_LIST_MAX + 1)}) {
            assertThatThrownBy(() -> Manifest.ids(new byte[wrong])).isInstanceOf(OpenException.class);
        }
    }

    @Test
    void packContents_refuseRecordsThatOverlapOrCannotBe() {
        ChunkPlace first = new ChunkPlace(chunk(), 0, 100, 20);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PackContents(List.of(first, new ChunkPlace(chunk(), 99, 100, 20))));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkPlace(chunk(), -1, 100, 20));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkPlace(chunk(), 0, 10, 20));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkPlace(chunk(), 0, 10_000, 20));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkPlace(chunk(), 64 << 20, 100, 20));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PackAdded(PackId.of(random.bytes(32)), 99, new PackContents(List.of(first))));
    }

    @Test
    void accountBodies_comeBackAndChangedBytesAreRefusedOrCanonical() throws CborException {
        AccountBody name = new AccountBody.DeviceName("Anna\u2019s laptop");
        AccountBody settings = new AccountBody.Settings(List.of(
                new AccountBody.Vault(LogId.of(random.bytes(32)), "Home", AccountBody.VaultKind.HOME),
                new AccountBody.Vault(LogId.of(random.bytes(32)), "Work", AccountBody.VaultKind.OWN)));
        for (AccountBody body : List.of(name, settings, new AccountBody.Settings(List.of()))) {
            assertThat(AccountBody.decode(body.encode())).isEqualTo(body);
            acceptedChanges(body.encode(), altered -> AccountBody.decode(altered).encode());
        }
        assertThatThrownBy(() -> AccountBody.decode(new byte[0])).isInstanceOf(CborException.class);
        assertThatThrownBy(() -> AccountBody.decode(new byte[] {(byte) 0xa0})).isInstanceOf(CborException.class);
        assertThatThrownBy(() -> AccountBody.decode(new byte[] {(byte) 0xa1, 3, 0x61, 'a'}))
                .isInstanceOf(CborException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> new AccountBody.DeviceName(""));
    }

    @Test
    void vaultGenesisBody_comesBackAndRefusesSecretsThatAreNone() throws CborException {
        try (Secret secret = random.secret();
                VaultGenesisBody body = VaultGenesisBody.of(secret, "Home");
                VaultGenesisBody same = VaultGenesisBody.decode(body.encode())) {
            assertThat(same.dedupSecret().matches(secret)).isTrue();
            assertThat(same.name()).isEqualTo("Home");
            assertThat(same).hasToString("[redacted]");
            byte[] encoded = body.encode();
            acceptedChanges(encoded, altered -> VaultGenesisBody.decode(altered).encode());
            Arrays.fill(encoded, 4, 36, (byte) 0);
            assertThatThrownBy(() -> VaultGenesisBody.decode(encoded)).isInstanceOf(CborException.class);
        }
    }

    @Test
    void snapshotBody_comesBackAndChangedBytesAreRefusedOrCanonical() throws CborException {
        SnapshotBody body = new SnapshotBody(
                new FileContent(1_000, 0, List.of(chunk())),
                List.of(new SnapshotItem.PackItem(
                        PackId.of(random.bytes(32)),
                        5_000,
                        3,
                        new PackContents(List.of(new ChunkPlace(chunk(), 700, 1_096, 1_000))))));
        assertThat(SnapshotBody.decode(body.encode())).isEqualTo(body);
        acceptedChanges(body.encode(), altered -> SnapshotBody.decode(altered).encode());
    }

    private static int indexOf(byte[] in, byte[] part) {
        for (int i = 0; i + part.length <= in.length; i++) {
            if (Arrays.equals(in, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
