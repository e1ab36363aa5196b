package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coffer.core.ChunkId;
import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Limits;
import coffer.core.LogId;
import coffer.core.NodeId;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Operation;
import coffer.seal.RandomSource;
import coffer.seal.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file of more chunks than stand in one place, which a file of real chunks reaches only beyond some gigabytes.
class FileListsTest {

    private static final int CHUNKS = 2 * Limits.CHUNKS_PER_LIST_MAX + 5;

    @TempDir
    Path home = Path.of("");

    private Workbench bench;
    private PackWriter writer;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private final List<ChunkId> lists = new ArrayList<>();

    @BeforeEach
    void storeFile() throws CofferException, IOException {
        bench = new Workbench(home, 1);
        writer = new PackWriter(bench.vault, bench.packs);
        Random random = new Random(4);
        List<ChunkId> chunks = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            byte[] chunk = new byte[1 + random.nextInt(9)];
            random.nextBytes(chunk);
            whole.writeBytes(chunk);
            chunks.add(place(Slice.of(chunk)));
        }
        Content.FileContent content = FileLists.content(whole.size(), chunks, list -> {
            lists.add(place(list));
            return lists.getLast();
        });
        assertThat(content.depth()).isEqualTo(1);
        assertThat(content.chunks()).hasSize(3).isEqualTo(lists);
        new Upkeep(bench.replica, bench.vault).addPacks(writer.takeStored(), writer.epoch());
        NodeId node = NodeId.of(RandomSource.secure().bytes(NodeId.SIZE));
        Operation put = new Operation.Put(node, Operation.ROOT, "large", 0, false, content);
        bench.vault.apply(new VaultAccess.Plan(new CommitBody(List.of(put), List.of(), List.of()), List.of()));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private ChunkId place(Slice plain) throws CofferException {
        ChunkId id = bench.vault.dedup().id(plain.array(), plain.offset(), plain.length());
        writer.add(id, plain);
        return id;
    }

    private Device.VerifyReport verify() throws CofferException {
        return new Verify(bench.replica, bench.vault, bench.packs, InstantSource.system())
                .run(true, LogId.of(new byte[32]), Progress.SILENT);
    }

    @Test
    void aFileThroughLists_comesBackAsAFileAndAsAStream_andIsWhole() throws Exception {
        assertThat(bench.read("/large")).isEqualTo(whole.toByteArray());
        Path copy = home.resolve("copy");
        assertThat(bench.get("/large", copy).problems()).isEmpty();
        assertThat(copy.resolve("large")).hasBinaryContent(whole.toByteArray());
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void aListThatIsLost_isFoundAndNothingIsHandedOutInItsPlace() throws Exception {
        bench.packs.packs.clear();
        assertThatExceptionOfType(CofferException.class)
                .isThrownBy(() -> bench.read("/large"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY));
        assertThat(verify().problems()).extracting(Device.Problem::where).contains("/large");
    }

    @Test
    void collecting_keepsListsAndWhatTheyList() throws Exception {
        new Collect(bench.replica, bench.vault, bench.packs, InstantSource.system()).run(Progress.SILENT);
        assertThat(bench.vault.released).isEmpty();
        assertThat(bench.read("/large")).isEqualTo(whole.toByteArray());
    }
}
