package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.NodeId;
import coffer.seal.CommitBody;
import coffer.seal.Content;
import coffer.seal.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {

    @TempDir
    Path home;

    private Workbench bench;
    private Path out;

    @BeforeEach
    void open() throws CofferException, IOException {
        bench = new Workbench(home, 2);
        out = home.resolve("out");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void get_bringsBackWhatWasPut_andFindsItThereTheSecondTime() throws Exception {
        someFiles();
        bench.put(bench.source);
        Device.GetReport first = bench.get("/source", out);
        assertThat(first.problems()).isEmpty();
        assertThat(Workbench.describe(out.resolve("source"))).isEqualTo(Workbench.describe(bench.source));
        long read = bench.packs.bytesRead;
        Device.GetReport second = bench.get("/source", out);
        assertThat(second.problems()).isEmpty();
        assertThat(second.alreadyThere()).isEqualTo(second.files()).isEqualTo(first.files());
        assertThat(bench.packs.bytesRead).isEqualTo(read);
    }

    @Test
    void aPiece_isThatOfTheWhole_whereverItBeginsAndEnds() throws Exception {
        int size = 5_000_003;
        bench.put(bench.write("a", size, 1));
        byte[] whole = Workbench.random(size, 1);
        for (long[] piece : new long[][] {{0, 1}, {0, size}, {1, 1_048_576}, {2_500_000, 1_500_000}, {size - 1, 1}, {size - 5, 99}, {size, 1}, {7, 0}, {size + 9L, 9}}) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            bench.fetch.read("/a", new Device.Piece(Optional.empty(), piece[0], piece[1]), read);
            int from = (int) Math.min(piece[0], size);
            int to = (int) Math.min(piece[0] + piece[1], size);
            assertThat(read.toByteArray()).as("%d %d", piece[0], piece[1]).isEqualTo(Arrays.copyOfRange(whole, from, Math.max(from, to)));
        }
    }

    @Test
    void aSmallPieceOfALargeFile_readsLittle() throws Exception {
        bench.put(bench.write("a", 40_000_000, 1));
        long before = bench.packs.bytesRead;
        bench.fetch.read("/a", new Device.Piece(Optional.empty(), 20_000_000, 1_000), new ByteArrayOutputStream());
        assertThat(bench.packs.bytesRead - before).isLessThan(10_000_000);
    }

    @Test
    void anEarlierVersion_isReadWhileItIsKept() throws Exception {
        bench.put(bench.write("a", 10, 1));
        long first = bench.replica.node(bench.vault.id(), "/a", _ -> "").version();
        bench.put(bench.write("a", 11, 2));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        bench.fetch.read("/a", new Device.Piece(Optional.of(first), 0, Long.MAX_VALUE), read);
        assertThat(read.toByteArray()).isEqualTo(Workbench.random(10, 1));
        assertThatThrownBy(() -> bench.fetch.read("/a", new Device.Piece(Optional.of(99L), 0, 1), read)).isInstanceOf(CofferException.class);
    }

    @Test
    void getOfTheRoot_writesItsContentsIntoTheFolder() throws Exception {
        bench.put(bench.write("a", 10, 1), bench.write("b", 20, 2));
        bench.get("/", out);
        assertThat(out.resolve("a")).hasBinaryContent(Workbench.random(10, 1));
        assertThat(out.resolve("b")).hasBinaryContent(Workbench.random(20, 2));
    }

    @Test
    void existingFile_isOverwrittenOnlyWhenAsked() throws Exception {
        bench.put(bench.write("a", 10, 1));
        Files.createDirectories(out);
        Files.writeString(out.resolve("a"), "mine");
        Device.GetReport kept = bench.get("/a", out);
        assertThat(kept.problems()).extracting(Device.Problem::code).containsExactly(ErrorCode.LOCAL.name());
        assertThat(out.resolve("a")).hasContent("mine");
        Device.GetReport replaced = bench.fetch.get("/a", out, true, Progress.SILENT);
        assertThat(replaced.problems()).isEmpty();
        assertThat(out.resolve("a")).hasBinaryContent(Workbench.random(10, 1));
    }

    @Test
    void linkInPlaceOfAFolder_isNotFollowed() throws Exception {
        bench.write("d/f", 10, 1);
        bench.put(bench.source.resolve("d"));
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createDirectories(out);
        Files.createSymbolicLink(out.resolve("d"), elsewhere);
        Device.GetReport report = bench.get("/d", out);
        assertThat(report.problems()).hasSize(1);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void hostileNames_neverLeaveTheFolder() throws Exception {
        // "\u00e9" and its escaped bytes are two names in a vault and one in a file system.
        NodeId link = NodeId.of(Workbench.random(16, 1));
        NodeId folder = NodeId.of(Workbench.random(16, 2));
        NodeId file = NodeId.of(Workbench.random(16, 3));
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        List<Operation> operations = List.of(
                new Operation.Put(link, Operation.ROOT, "\u00e9", 0, false, new Content.Symlink(elsewhere.toString())),
                new Operation.Put(folder, Operation.ROOT, "\uefc3\uefa9", 0, false, new Content.Folder()),
                new Operation.Put(file, folder, "f", 0, false, new Content.FileContent(0, 0, List.of())));
        bench.vault.apply(new VaultAccess.Plan(new CommitBody(operations, List.of(), List.of()), List.of()));
        bench.get("/", out);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void namesThatAreNoText_comeBackAsTheyWere() throws Exception {
        Path odd = Path.of(java.net.URI.create("file://" + bench.source.toUri().getRawPath().replaceAll("/$", "") + "/a%ff%fe-b"));
        Files.write(odd, new byte[] {1, 2, 3});
        Device.PutReport report = bench.put(bench.source);
        assertThat(report.problems()).extracting(Device.Problem::code).containsExactly(ErrorCode.UNSAFE_NAME.name());
        bench.get("/source", out);
        try (var files = Files.list(out.resolve("source"))) {
            assertThat(files.map(path -> path.toUri().getRawPath()).toList()).singleElement().asString().endsWith("/a%FF%FE-b");
        }
    }

    @Test
    void damagedCopy_isReplacedByTheOther() throws Exception {
        someFiles();
        bench.put(bench.source);
        damage(1);
        Device.GetReport report = bench.get("/source", out);
        assertThat(report.problems()).isEmpty();
        assertThat(Workbench.describe(out.resolve("source"))).isEqualTo(Workbench.describe(bench.source));
    }

    @Test
    void damageOfAllCopies_isToldForTheFileAndTheRestComes() throws Exception {
        bench.put(bench.write("good", 2 << 20, 1));
        Path bad = bench.write("bad", 1_000, 2);
        int before = bench.packs.uploads.size();
        bench.put(bad);
        assertThat(bench.packs.uploads).hasSize(before + 1);
        bench.packs.copiesOf(bench.packs.uploads.getLast()).forEach(copy -> copy[40] ^= 1);
        Device.GetReport report = bench.get("/", out);
        assertThat(report.problems()).extracting(Device.Problem::code).containsExactly(ErrorCode.INTEGRITY.name());
        assertThat(out.resolve("bad")).doesNotExist();
        assertThat(out.resolve("good")).hasBinaryContent(Workbench.random(2 << 20, 1));
        assertThatThrownBy(() -> bench.read("/bad"))
                .isInstanceOfSatisfying(CofferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY));
        try (var left = Files.list(out)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("good");
        }
    }

    @Test
    void read_givesTheContentOfSmallAndLargeFiles() throws Exception {
        bench.put(bench.write("empty", 0, 1), bench.write("small", 100, 2), bench.write("large", 25 << 20, 3));
        assertThat(bench.read("/empty")).isEmpty();
        assertThat(bench.read("/small")).isEqualTo(Workbench.random(100, 2));
        assertThat(bench.read("/large")).isEqualTo(Workbench.random(25 << 20, 3));
    }

    @Test
    void smallFileOfALargePack_isReadByItsRangeAlone() throws Exception {
        for (int i = 0; i < 100; i++) {
            bench.write("f" + i, 100_000, i);
        }
        bench.put(bench.source);
        bench.read("/source/f50");
        assertThat(bench.packs.bytesRead).isLessThanOrEqualTo(2 * Segments.GRID);
    }

    private void someFiles() throws IOException {
        for (int i = 0; i < 500; i++) {
            bench.write("many/d" + i % 9 + "/f" + i, i * 37, i);
        }
        bench.write("large", 9 << 20, 900);
        bench.write("again/large", 9 << 20, 900);
        bench.write("script", 300, 901);
        bench.write("-\n\ud83d\ude00", 300, 902);
        assertThat(bench.source.resolve("script").toFile().setExecutable(true)).isTrue();
        Files.createDirectories(bench.source.resolve("hollow/inner"));
        Files.createSymbolicLink(bench.source.resolve("link"), Path.of("../anything"));
    }

    private void damage(int copy) {
        bench.packs.packs.values().forEach(all -> {
            for (int at = 0; at < all.get(copy % 2).length; at += 1_000) {
                all.get(copy % 2)[at] ^= 4;
            }
        });
        // The first copy is asked first: damage that one.
        bench.packs.packs.values().forEach(all -> all.addFirst(all.removeLast()));
    }
}
