package coffer.media.decode;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.media.TestPictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is seen in pictures.
class EyeTest {

    private static BufferedImage decoded(byte[] jpeg) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif", "tiff", "bmp"})
    void picture_ofAnyKind_getsTwoPreviews(String format) throws IOException {
        Looked looked = Eye.look(TestPictures.encoded(TestPictures.image(2_000, 1_000, 3), format));
        assertThat(looked.isDecoded()).isTrue();
        assertThat(looked.width()).isEqualTo(2_000);
        assertThat(looked.height()).isEqualTo(1_000);
        assertThat(decoded(looked.small()).getWidth()).isEqualTo(320);
        assertThat(decoded(looked.small()).getHeight()).isEqualTo(160);
        assertThat(decoded(looked.large()).getWidth()).isEqualTo(1_600);
    }

    @Test
    void picture_thatIsSmall_isNotMadeLarger() throws IOException {
        Looked looked = Eye.look(TestPictures.jpeg(100, 37, 1));
        assertThat(decoded(looked.small()).getWidth()).isEqualTo(100);
        assertThat(decoded(looked.large()).getHeight()).isEqualTo(37);
        assertThat(Eye.look(TestPictures.encoded(TestPictures.image(1, 1, 1), "png")).isDecoded()).isTrue();
    }

    /// The red corner of the stored picture, and where it lies upright.
    @ParameterizedTest
    @CsvSource({"1, left, top", "2, right, top", "3, right, bottom", "4, left, bottom", "5, left, top", "6, right, top", "7, right, bottom", "8, left, bottom"})
    void picture_isTurnedUpright(int orientation, String side, String end) throws IOException {
        byte[] file = TestPictures.withExif(TestPictures.jpeg(800, 400, 2), orientation, "2019:03:04 11:22:33");
        Looked looked = Eye.look(file);
        boolean swaps = orientation >= 5;
        assertThat(looked.width()).isEqualTo(swaps ? 400 : 800);
        BufferedImage small = decoded(looked.small());
        assertThat(small.getWidth()).isEqualTo(swaps ? 160 : 320);
        int x = side.equals("left") ? 10 : small.getWidth() - 11;
        int y = end.equals("top") ? 10 : small.getHeight() - 11;
        int rgb = small.getRGB(x, y);
        assertThat(rgb >> 16 & 0xff).as("red").isGreaterThan(200);
        assertThat(rgb >> 8 & 0xff).as("green").isLessThan(80);
    }

    @Test
    void exif_saysTimePlaceAndCamera() throws IOException {
        Looked looked = Eye.look(TestPictures.withExif(TestPictures.jpeg(50, 50, 2), 1, "2019:03:04 11:22:33"));
        assertThat(looked.taken()).hasValue(Instant.parse("2019-03-04T11:22:33Z").toEpochMilli());
        assertThat(looked.zoned()).isFalse();
        assertThat(looked.place()).containsExactly(485_000_000, 112_500_000);
        assertThat(looked.camera()).isEqualTo("ACE");
    }

    @Test
    void hash_isNearForVersionsOfOnePicture_andFarForOthers() throws IOException {
        long one = Eye.look(TestPictures.jpeg(1_200, 900, 5)).hash();
        long smaller = Eye.look(TestPictures.encoded(TestPictures.image(640, 480, 5), "png")).hash();
        long other = Eye.look(TestPictures.jpeg(1_200, 900, 9)).hash();
        assertThat(Long.bitCount(one ^ smaller)).isLessThanOrEqualTo(6);
        assertThat(Long.bitCount(one ^ other)).isGreaterThan(10);
    }

    @Test
    void transparency_becomesWhite() throws IOException {
        BufferedImage clear = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        Looked looked = Eye.look(TestPictures.encoded(clear, "png"));
        assertThat(decoded(looked.small()).getRGB(30, 30) & 0xffffff).isEqualTo(0xffffff);
    }

    @Test
    void raw_isShownByThePreviewInIt() throws IOException {
        byte[] preview = TestPictures.jpeg(640, 480, 4);
        byte[] thumb = TestPictures.jpeg(64, 48, 4);
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        raw.writeBytes(new byte[1_000]);
        raw.writeBytes(thumb);
        raw.writeBytes(new byte[500]);
        raw.writeBytes(preview);
        raw.writeBytes(new byte[10_000]);
        assertThat(Eye.look(raw.toByteArray()).width()).isEqualTo(640);
    }

    @Test
    void hostileFiles_areBlank_orShownAsFarAsTheyGo() throws IOException {
        assertThat(Eye.look(TestPictures.pngBomb(2_000_000, 2_000_000)).isDecoded()).isFalse();
        assertThat(Eye.look(new byte[0]).isDecoded()).isFalse();
        assertThat(Eye.look("<svg onload=alert(1)>".getBytes(java.nio.charset.StandardCharsets.UTF_8)).isDecoded()).isFalse();
        byte[] honest = TestPictures.withExif(TestPictures.jpeg(200, 200, 1), 6, "2019:03:04 11:22:33");
        long seed = System.nanoTime();
        for (int round = 0; round < 150; round++) {
            Random random = new Random(seed + round);
            byte[] changed = java.util.Arrays.copyOf(honest, 1 + random.nextInt(honest.length));
            for (int i = 0; i < 10; i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            assertThat(Eye.look(changed)).as("seed %d", seed + round).isNotNull();
        }
    }

    @Test
    void answer_isReadAsItWasWritten_andNonsenseIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Looked looked = Eye.look(TestPictures.withExif(TestPictures.jpeg(64, 64, 2), 1, "2019:03:04 11:22:33"));
        looked.write(new DataOutputStream(bytes));
        Looked back = Looked.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(back).usingRecursiveComparison().isEqualTo(looked);
        long seed = System.nanoTime();
        for (int round = 0; round < 2_000; round++) {
            Random random = new Random(seed + round);
            byte[] changed = bytes.toByteArray();
            changed[random.nextInt(Math.min(90, changed.length))] = (byte) random.nextInt();
            try {
                Looked read = Looked.read(new DataInputStream(new ByteArrayInputStream(changed)));
                assertThat(read.small().length).as("seed %d", seed + round).isLessThanOrEqualTo(Looked.SMALL_MAX);
            } catch (IOException e) {
                assertThat(e).isNotNull(); // refused
            }
        }
    }
}
