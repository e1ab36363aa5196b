package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.PackId;
import coffer.seal.ChunkPlace;
import coffer.seal.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerifyTest extends OnWorkbench {

    private void store(int copies) {
        packs = new MemoryPacks(copies);
        ingest = new Ingest(replica, vault, packs, RandomSource.secure(), InstantSource.system());
    }

    @Test
    void verify_ofAHealthyVault_isCleanAndCounts() throws Exception {
        write("a", 300_000, 1);
        write("b", 3_000_000, 2);
        put();
        Device.VerifyReport quick = verify(false);
        Device.VerifyReport full = verify(true);
        assertThat(quick.problems()).isEmpty();
        assertThat(full.problems()).isEmpty();
        assertThat(full.files()).isEqualTo(2);
        assertThat(full.chunks()).isGreaterThanOrEqualTo(2);
        assertThat(full.packs()).isEqualTo(packs.packs.size());
        assertThat(full.packBytes()).isEqualTo(packs.storedBytes());
    }

    @Test
    void missingPack_isReportedWithItsFiles_andPuttingThemAgainHeals() throws Exception {
        write("a", 100_000, 1);
        write("b", 200_000, 2);
        put();
        packs.packs.clear();
        Device.VerifyReport found = verify(false);
        assertThat(found.problems()).extracting(Device.Problem::where).contains("/source/a", "/source/b");
        assertThat(found.problems()).extracting(Device.Problem::code).containsOnly(ErrorCode.INTEGRITY.name());
        put();
        assertThat(packs.packs).as("stored anew").isNotEmpty();
        assertThat(verify(true).problems()).isEmpty();
        assertThat(verify(false).problems()).isEmpty();
        assertThat(damaged()).isZero();
    }

    @Test
    void packThatComesBack_isNotHeldAgainstIt() throws Exception {
        write("a", 100_000, 1);
        put();
        var kept = new java.util.HashMap<>(packs.packs);
        packs.packs.clear();
        verify(false);
        assertThat(damaged()).isEqualTo(1);
        packs.packs.putAll(kept);
        assertThat(verify(false).problems()).isEmpty();
        assertThat(damaged()).isZero();
    }

    @Test
    void badCopy_isWrittenAnewFromAGoodOne() throws Exception {
        store(3);
        write("a", 300_000, 1);
        put();
        PackId pack = packs.packs.keySet().iterator().next();
        copy(pack, 0)[1_000] ^= 1;
        copy(pack, 2)[5] ^= 64;
        assertThat(verify(true).problems()).extracting(Device.Problem::where).containsExactly("pack " + pack.hex());
        assertThat(copy(pack, 0)).isEqualTo(copy(pack, 1));
        assertThat(copy(pack, 2)).isEqualTo(copy(pack, 1));
        assertThat(verify(true).problems()).isEmpty();
    }

    @Test
    void oneBadChunk_costsOnlyItsOwnFile_andPuttingThatHeals() throws Exception {
        for (int i = 0; i < 5; i++) {
            write("f" + i, 100_000, i);
        }
        put();
        long sequence = vault.sequence;
        // A put fills up to two packs at once; one of them has three of the files at least.
        Map<PackId, List<String>> together = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            together.computeIfAbsent(packOf("/source/f" + i), unused -> new ArrayList<>()).add("f" + i);
        }
        Map.Entry<PackId, List<String>> fullest = together.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .orElseThrow();
        PackId pack = fullest.getKey();
        String hurt = fullest.getValue().getFirst();
        copy(pack, 0)[placeOf("/source/" + hurt).offset() + 40] ^= 1;
        Device.VerifyReport found = verify(true);
        assertThat(found.problems())
                .extracting(Device.Problem::where)
                .containsExactlyInAnyOrder("pack " + pack.hex(), "/source/" + hurt);
        assertThat(vault.sequence).as("the other chunks were saved").isGreaterThan(sequence);
        assertThat(verify(true).problems()).as("still hurt").isNotEmpty();
        assertThat(vault.released).as("nothing is given up before it is replaced").doesNotContain(pack);

        ingest.put(List.of(source.resolve(hurt)), "/elsewhere", Progress.SILENT);
        assertThat(verify(true).problems()).isEmpty();
        assertThat(vault.released).contains(pack);
        assertThat(damaged()).isZero();
    }

    @Test
    void padding_thatIsDamaged_losesNothing() throws Exception {
        write("f", 100_000, 1);
        put();
        PackId pack = packs.packs.keySet().iterator().next();
        byte[] bytes = copy(pack, 0);
        bytes[bytes.length - 1] ^= 1;
        assertThat(verify(true).problems()).extracting(Device.Problem::where).containsExactly("pack " + pack.hex());
        assertThat(verify(true).problems()).isEmpty();
        assertThat(vault.released).containsExactly(pack);
    }

    @Test
    void unchangedFileWithALostChunk_isReadAgain() throws Exception {
        write("f", 100_000, 1);
        Thread.sleep(StatCache.SETTLED.toMillis() + 200);
        put();
        packs.packs.clear();
        verify(false);
        Device.PutReport again = put();
        assertThat(again.unchanged()).as("the tree stays as it is").isEqualTo(1);
        assertThat(again.sentBytes()).as("its content is stored anew").isPositive();
        assertThat(verify(true).problems()).isEmpty();
    }

    @Test
    void providerThatDoesNotAnswer_isNoDamage() throws Exception {
        write("f", 100_000, 1);
        put();
        packs.unavailable = true;
        assertThat(verify(true).problems()).extracting(Device.Problem::code).containsOnly(ErrorCode.UNAVAILABLE.name());
        assertThat(damaged()).isZero();
        packs.unavailable = false;
        assertThat(verify(true).problems()).isEmpty();
    }

    @Test
    void packThatCannotBeRead_andIsNotStoredAsItShouldBe_isDamage() throws Exception {
        write("f", 100_000, 1);
        put();
        packs.unavailable = true;
        packs.packs.clear();
        assertThat(verify(true).problems()).extracting(Device.Problem::code).containsOnly(ErrorCode.INTEGRITY.name());
        assertThat(damaged()).isEqualTo(1);
        packs.unavailable = false;
        put();
        assertThat(verify(true).problems()).isEmpty();
    }

    private PackId packOf(String path) throws CofferException {
        var chunk = placeOf(path).id();
        return replica.read(vault.id(), (tx, ref) -> {
            ChunkIndex index = new ChunkIndex(tx, ref);
            ChunkIndex.Place place = java.util.Objects.requireNonNull(index.find(chunk));
            return java.util.Objects.requireNonNull(index.pack(place.packNum())).id();
        });
    }

    private ChunkPlace placeOf(String path) throws CofferException {
        return replica.read(vault.id(), (tx, ref) -> {
            Nodes nodes = new Nodes(tx, ref);
            Nodes.Node node = nodes.require(path);
            var chunk = StoredContent.file(node.size(), nodes.content(node.num())).chunks().getFirst();
            ChunkIndex.Place place = java.util.Objects.requireNonNull(new ChunkIndex(tx, ref).find(chunk));
            return new ChunkPlace(chunk, place.offset(), place.sealedLength(), place.plainLength());
        });
    }

    private byte[] copy(PackId pack, int number) {
        return java.util.Objects.requireNonNull(packs.packs.get(pack)).get(number);
    }

    private long damaged() throws CofferException {
        return db.read(tx -> tx.number(0, "SELECT count(*) FROM damaged"));
    }

    private Device.PutReport put() throws CofferException {
        return ingest.put(List.of(source), "/", Progress.SILENT);
    }

    private Device.VerifyReport verify(boolean full) throws CofferException {
        return new Verify(replica, vault, packs, InstantSource.system()).run(full, coffer.core.LogId.of(new byte[32]), Progress.SILENT);
    }

    private void write(String name, int size, long seed) throws IOException {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        Path file = source.resolve(name);
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_500_000_000_000L + seed));
    }
}
