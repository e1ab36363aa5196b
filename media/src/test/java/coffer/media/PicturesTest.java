package coffer.media;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.CofferException;
import coffer.device.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Timeline, previews, duplicates and imports.
class PicturesTest {

    @TempDir
    Path folder = Path.of("");

    private MemoryContents vault = new MemoryContents(folder);
    private Media media = Media.of(vault);

    @BeforeEach
    void open() throws IOException {
        vault = new MemoryContents(Files.createDirectories(folder.resolve("home")));
        media = Media.of(vault);
    }

    @AfterEach
    void close() {
        media.close();
    }

    private void put(String path, String time, byte[] bytes) {
        vault.put(path, Instant.parse(time), bytes);
    }

    private List<Pictures.Entry> timeline() throws CofferException {
        return media.pictures().page("/", 0, 100);
    }

    @Test
    void timeline_goesByTheCamera_elseByTheFile_latestFirst() throws CofferException, IOException {
        put("/p/b.jpg", "2001-01-01T00:00:00Z", TestPictures.withExif(TestPictures.jpeg(60, 40, 1), 6, "2019:03:04 11:22:33"));
        put("/p/a.png", "2018-01-01T00:00:00Z", TestPictures.encoded(TestPictures.image(30, 20, 2), "png"));
        put("/p/broken.jpg", "2020-01-01T00:00:00Z", new byte[] {1, 2, 3});
        put("/p/readme.txt", "2020-01-01T00:00:00Z", new byte[] {1});
        Pictures.ScanReport report = media.pictures().scan(false, Progress.SILENT);
        assertThat(report).isEqualTo(new Pictures.ScanReport(3, 1, 0));
        List<Pictures.Entry> entries = timeline();
        assertThat(entries).extracting(Pictures.Entry::path).containsExactly("/p/broken.jpg", "/p/b.jpg", "/p/a.png");
        assertThat(entries.get(1).width()).isEqualTo(40);
        assertThat(entries.get(1).latitude()).contains(48.5);
        assertThat(entries.get(0).preview()).isFalse();
        assertThat(media.pictures().scan(false, Progress.SILENT).made()).isZero();
    }

    @Test
    void pages_giveEveryPictureOnce() throws CofferException {
        for (int i = 0; i < 95; i++) {
            put("/p/" + i + ".jpg", "2019-01-01T00:00:0" + i % 3 + "Z", ("no picture " + i).getBytes(StandardCharsets.UTF_8));
        }
        List<String> seen = new ArrayList<>();
        for (int from = 0; from < 95; from += 10) {
            media.pictures().page("/p", from, 10).forEach(entry -> seen.add(entry.path()));
        }
        List<String> listed = new ArrayList<>();
        media.pictures().list("/p", entry -> listed.add(entry.path()));
        assertThat(seen).isEqualTo(listed);
        assertThat(seen).hasSize(95).doesNotHaveDuplicates();
    }

    /// The camera's clock is the wall's, wherever this device is; a file's time is seen from here.
    @Test
    void days_areThoseOfTheWall_andHoldWhatPagesGive() throws CofferException, IOException {
        put("/p/night.jpg", "2001-01-01T00:00:00Z", TestPictures.withExif(TestPictures.jpeg(60, 40, 1), 1, "2019:03:04 23:59:59"));
        put("/p/morning.jpg", "2001-01-01T00:00:00Z", TestPictures.withExif(TestPictures.jpeg(60, 40, 2), 1, "2019:03:05 00:00:01"));
        put("/p/old.jpg", "1969-12-31T12:00:00Z", new byte[] {1});
        put("/q/other.png", "2018-06-15T12:00:00Z", new byte[] {2});
        assertThat(media.pictures().unseenCount()).isEqualTo(4);
        media.pictures().scan(false, Progress.SILENT);
        assertThat(media.pictures().unseenCount()).isZero();
        assertThat(media.pictures().days("/p")).extracting(Pictures.Day::count).containsExactly(1L, 1L, 1L);
        assertThat(media.pictures().days("/p").subList(0, 2)).extracting(day -> day.day().toString()).containsExactly("2019-03-05", "2019-03-04");
        assertThat(timeline()).extracting(Pictures.Entry::path).containsExactly("/p/morning.jpg", "/p/night.jpg", "/q/other.png", "/p/old.jpg");
        assertThat(timeline().getFirst().shown()).isEqualTo("2019-03-05T00:00:01");
        assertThat(media.pictures().days("/")).hasSize(4);
    }

    @Test
    void timesOfOtherAges_areShownAtTheEdges() {
        java.time.ZoneId here = java.time.ZoneId.of("Asia/Tokyo");
        assertThat(Timeline.shown(java.util.OptionalLong.of(0), true, 5, here)).isEqualTo(9 * 3_600_000L);
        assertThat(Timeline.shown(java.util.OptionalLong.of(0), false, 5, here)).isZero();
        for (long wrong : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
            long shown = Timeline.shown(java.util.OptionalLong.of(wrong), true, 0, here);
            assertThat(Instant.ofEpochMilli(shown).atZone(java.time.ZoneOffset.UTC).getYear()).isBetween(999, 9_999);
        }
    }

    @Test
    void previews_areSealedInFewFiles_andAnotherDeviceNeedsNoPictureForThem() throws CofferException, IOException {
        for (int i = 0; i < 20; i++) {
            put("/p/" + i + ".jpg", "2019-01-01T00:00:00Z", TestPictures.jpeg(700, 500, i));
        }
        media.pictures().scan(false, Progress.SILENT);
        assertThat(vault.paths().stream().filter(path -> path.startsWith("/.coffer/")).count()).isLessThan(8);
        media.close();
        MemoryContents same = vault;
        Files.delete(vault.home().resolve("media.db"));
        same.unreadable = path -> path.endsWith(".jpg");
        media = Media.of(same);
        for (Pictures.Entry entry : timeline()) {
            byte[] small = media.pictures().small(entry.node());
            byte[] large = media.pictures().large(entry.node());
            assertThat(small).startsWith(0xff, 0xd8).hasSizeLessThan(large.length);
        }
        assertThat(media.pictures().scan(false, Progress.SILENT).made()).isZero();
    }

    @Test
    void duplicates_areFound_byBytesAndByLook() throws CofferException, IOException {
        byte[] one = TestPictures.jpeg(400, 300, 5);
        put("/a.jpg", "2019-01-01T00:00:00Z", one);
        put("/copy/a.jpg", "2019-01-02T00:00:00Z", one);
        put("/small.png", "2019-01-03T00:00:00Z", TestPictures.encoded(TestPictures.image(200, 150, 5), "png"));
        put("/other.jpg", "2019-01-04T00:00:00Z", TestPictures.jpeg(400, 300, 9));
        media.pictures().scan(false, Progress.SILENT);
        List<Pictures.Group> groups = media.pictures().duplicates();
        assertThat(groups).hasSize(2);
        assertThat(groups.get(0).exact()).isTrue();
        assertThat(groups.get(0).entries()).extracting(Pictures.Entry::path).containsExactly("/a.jpg", "/copy/a.jpg");
        assertThat(groups.get(1).exact()).isFalse();
        assertThat(groups.get(1).entries()).extracting(Pictures.Entry::path).containsExactly("/a.jpg", "/small.png");
    }

    @Test
    void near_findsWhatComparingAllWithAllFinds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Near.Picture<Integer>> pictures = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            long hash = i % 4 == 0 || i == 0 ? random.nextLong() : pictures.get(random.nextInt(i)).hash();
            for (int flips = random.nextInt(8); i % 4 != 0 && flips > 0; flips--) {
                hash ^= 1L << random.nextInt(64);
            }
            pictures.add(new Near.Picture<>(i, "c" + i, true, hash));
        }
        int[] group = new int[400];
        for (int i = 0; i < 400; i++) {
            group[i] = i;
        }
        for (int pass = 0; pass < 400; pass++) {
            for (int i = 0; i < 400; i++) {
                for (int j = 0; j < i; j++) {
                    if (Long.bitCount(pictures.get(i).hash() ^ pictures.get(j).hash()) <= 6) {
                        int least = Math.min(group[i], group[j]);
                        group[i] = least;
                        group[j] = least;
                    }
                }
            }
        }
        java.util.Map<Integer, List<Integer>> expected = new java.util.TreeMap<>();
        for (int i = 0; i < 400; i++) {
            expected.computeIfAbsent(group[i], _ -> new ArrayList<>()).add(i);
        }
        assertThat(Near.similar(pictures, 6))
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(expected.values().stream().filter(members -> members.size() > 1).toList());
    }

    @Test
    void livePhoto_isOneEntry_withItsFilm() throws CofferException, IOException {
        put("/p/IMG_1.HEIC", "2019-01-01T00:00:00Z", new byte[] {1});
        put("/p/IMG_1.MOV", "2019-01-01T00:00:01Z", new byte[] {2});
        put("/p/IMG_2.MOV", "2019-01-01T00:00:02Z", new byte[] {3});
        List<Pictures.Entry> entries = timeline();
        assertThat(entries).extracting(Pictures.Entry::path).containsExactly("/p/IMG_2.MOV", "/p/IMG_1.HEIC");
        assertThat(entries.get(1).live())
                .contains(new Pictures.Film(vault.find("/p/IMG_1.MOV").orElseThrow().node(), "/p/IMG_1.MOV"));
    }

    @Test
    void import_keepsTheDatesOfTakeoutAndICloud() throws CofferException, IOException {
        Path source = Files.createDirectories(folder.resolve("Takeout"));
        Files.write(source.resolve("IMG_1.jpg"), new byte[] {1});
        Files.write(source.resolve("IMG_1(2).jpg"), new byte[] {2});
        Files.write(source.resolve("IMG_1-edited.jpg"), new byte[] {3});
        Files.writeString(source.resolve("IMG_1.jpg.supplemental-metadata.json"), json("IMG_1.jpg", 1_551_698_553));
        Files.writeString(source.resolve("IMG_1.jpg.supplemental-metadata(2).json"), json("IMG_1.jpg", 1_000_000_000));
        Files.writeString(source.resolve("bad.json"), "[".repeat(5_000));
        Path cloud = Files.createDirectories(source.resolve("cloud"));
        Files.write(cloud.resolve("IMG_9.JPG"), new byte[] {4});
        Files.writeString(
                cloud.resolve("Photo Details.csv"),
                """
                imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount
                IMG_9.JPG,AbC=,no,no,no,"Monday March 4,2019 11:22 AM GMT",0
                """);
        PictureImport.Report report = media.pictures().bring(List.of(source), "/pictures", Progress.SILENT);
        assertThat(report.problems()).isEmpty();
        assertThat(report.dated()).isEqualTo(4);
        assertThat(report.imported()).isEqualTo(report.files()).isEqualTo(8);
        assertThat(time("IMG_1.jpg")).isEqualTo("2019-03-04T11:22:33Z");
        assertThat(time("IMG_1-edited.jpg")).isEqualTo("2019-03-04T11:22:33Z");
        assertThat(time("IMG_1(2).jpg")).isEqualTo("2001-09-09T01:46:40Z");
        assertThat(time("cloud/IMG_9.JPG")).isEqualTo("2019-03-04T11:22:00Z");
    }

    private String time(String name) {
        return vault.find("/pictures/Takeout/" + name).orElseThrow().modified().toString();
    }

    private static String json(String title, long seconds) {
        return "{\"title\":\"" + title + "\",\"photoTakenTime\":{\"timestamp\":\"" + seconds + "\"}}";
    }

    @Test
    void import_again_storesNothingTwice_andAnotherFileOfThatNameIsKeptBeside() throws CofferException, IOException {
        Path source = Files.createDirectories(folder.resolve("card"));
        Files.write(source.resolve("a.jpg"), new byte[] {1});
        media.pictures().bring(List.of(source), "/", Progress.SILENT);
        assertThat(media.pictures().bring(List.of(source), "/", Progress.SILENT).alreadyThere()).isEqualTo(1);
        Files.write(source.resolve("a.jpg"), new byte[] {2});
        assertThat(media.pictures().bring(List.of(source), "/", Progress.SILENT).imported()).isEqualTo(1);
        assertThat(media.pictures().bring(List.of(source), "/", Progress.SILENT).imported()).isZero();
        assertThat(vault.bytes("/card/a.jpg")).containsExactly(1);
        assertThat(vault.paths().stream().filter(path -> path.startsWith("/card/"))).hasSize(2);
    }

    @Test
    void head_isReadAsItWasWritten_andNothingElseIs() throws Exception {
        PictureHead head = new PictureHead(
                coffer.core.Hash.of(new byte[] {1}), 10, 20, java.util.OptionalLong.of(-5), true,
                java.util.Optional.of(new PictureHead.Place(-1, 2)), "ACE 1", "pair", -9,
                java.util.Optional.of(new PictureHead.Preview("ab".repeat(16), 7, 8)), java.util.Optional.empty());
        byte[] encoded = head.encode();
        assertThat(PictureHead.decode(encoded)).isEqualTo(head);
        long seed = System.nanoTime();
        for (int round = 0; round < 5_000; round++) {
            Random random = new Random(seed + round);
            byte[] changed = encoded.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                assertThat(PictureHead.decode(changed).encode()).as("seed %d", seed + round).isEqualTo(changed);
            } catch (coffer.core.CborException e) {
                assertThat(e).isNotNull(); // refused
            }
        }
    }
}
