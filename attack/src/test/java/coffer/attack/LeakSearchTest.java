package coffer.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakSearchTest {

    private static final byte[] NEEDLE = "a name that must not be seen".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder = Path.of("");

    @Test
    void search_findsAPatternAtEveryOffsetAroundTheSeamsOfItsPieces() throws IOException {
        LeakSearch search = new LeakSearch();
        search.add("needle", NEEDLE);
        int seam = (1 << 20) + NEEDLE.length;
        for (int offset = seam - 2 * NEEDLE.length - 2; offset < seam + 3; offset++) {
            byte[] hay = noise(seam + 200);
            System.arraycopy(NEEDLE, 0, hay, offset, NEEDLE.length);
            Path file = Files.write(folder.resolve("hay"), hay);
            LeakSearch.Result result = search.search(folder);
            assertThat(result.hits()).singleElement().satisfies(hit -> {
                assertThat(hit.label()).isEqualTo("needle");
                assertThat(hit.file()).isEqualTo(file);
            });
            assertThat(result.hits().getFirst().offset()).isEqualTo(offset);
            assertThat(result.bytes()).isEqualTo(hay.length);
        }
    }

    @Test
    void search_findsPatternsAtTheVeryBeginningAndEnd() throws IOException {
        LeakSearch search = new LeakSearch();
        search.add("first", "12345678".getBytes(StandardCharsets.UTF_8));
        search.add("last", "abcdefgh".getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("f"), "12345678----abcdefgh");
        assertThat(search.search(folder).hits()).extracting(LeakSearch.Hit::label).containsExactly("first", "last");
        Files.writeString(folder.resolve("f"), "12345678");
        assertThat(search.search(folder).hits()).hasSize(1);
        Files.writeString(folder.resolve("f"), "1234567");
        assertThat(search.search(folder).hits()).isEmpty();
    }

    @Test
    void search_tellsPatternsWithTheSameBeginningApart() throws IOException {
        LeakSearch search = new LeakSearch();
        search.add("one", "prefix-same-1".getBytes(StandardCharsets.UTF_8));
        search.add("two", "prefix-same-2".getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("f"), "xx prefix-same-2 yy");
        assertThat(search.search(folder).hits()).extracting(LeakSearch.Hit::label).containsExactly("two");
    }

    @Test
    void forget_stopsLookingForThatPatternAlone() throws IOException {
        LeakSearch search = new LeakSearch();
        search.add("one", "prefix-same-1".getBytes(StandardCharsets.UTF_8));
        search.add("two", "prefix-same-2".getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("f"), "xx prefix-same-2 prefix-same-1");
        LeakSearch.Hit two = search.search(folder).hits().getFirst();
        search.forget(two.pattern());
        search.forget(two.pattern());
        assertThat(search.count()).isEqualTo(1);
        assertThat(search.search(folder).hits()).extracting(LeakSearch.Hit::label).containsExactly("one");
    }

    @Test
    void filesThatHoldAny_countsFilesAndNotHits() throws IOException {
        LeakSearch search = new LeakSearch();
        search.add("needle", NEEDLE);
        Files.write(folder.resolve("often"), new String(NEEDLE, StandardCharsets.UTF_8).repeat(1_000).getBytes(StandardCharsets.UTF_8));
        Files.write(folder.resolve("once"), NEEDLE);
        Files.write(folder.resolve("never"), noise(5_000));
        assertThat(search.filesThatHoldAny(folder)).isEqualTo(2);
        assertThat(search.search(folder).hits()).hasSize(1_001);
    }

    @Test
    void add_refusesWhatIsTooShortToMeanAnything() {
        LeakSearch search = new LeakSearch();
        assertThat(search.add("short", new byte[7])).isFalse();
        assertThat(search.count()).isZero();
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(7).nextBytes(noise);
        return noise;
    }
}
