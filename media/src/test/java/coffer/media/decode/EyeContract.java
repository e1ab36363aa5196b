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

/// What is seen in pictures, whatever decodes them.
abstract class EyeContract {

    private final Eye eye = eye();

    abstract Eye eye();


    private static BufferedImage decoded(byte[] jpeg) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif", "tiff", "bmp"})
    void picture_ofAnyKind_getsTwoPreviews(String format) throws IOException {
        Looked looked = eye.look(TestPictures.encoded(TestPictures.image(2_000, 1_000, 3), format));
        assertThat(looked.isDecoded()).isTrue();
        assertThat(looked.width()).isEqualTo(2_000);
        assertThat(looked.height()).isEqualTo(1_000);
        assertThat(decoded(looked.small()).getWidth()).isEqualTo(320);
        assertThat(decoded(looked.small()).getHeight()).isEqualTo(160);
        assertThat(decoded(looked.large()).getWidth()).isEqualTo(1_600);
    }

    @Test
    void picture_thatIsSmall_isNotMadeLarger() throws IOException {
        Looked looked = eye.look(TestPictures.jpeg(100, 37, 1));
        assertThat(decoded(looked.small()).getWidth()).isEqualTo(100);
        assertThat(decoded(looked.large()).getHeight()).isEqualTo(37);
        assertThat(eye.look(TestPictures.encoded(TestPictures.image(1, 1, 1), "png")).isDecoded()).isTrue();
    }

    /// The red corner of the stored picture, and where it lies upright.
    @ParameterizedTest
    @CsvSource({"1, left, top", "2, right, top", "3, right, bottom", "4, left, bottom", "5, left, top", "6, right, top", "7, right, bottom", "8, left, bottom"})
    void picture_isTurnedUpright(int orientation, String side, String end) throws IOException {
        byte[] file = TestPictures.withExif(TestPictures.jpeg(800, 400, 2), orientation, "2019:03:04 11:22:33");
        Looked looked = eye.look(file);
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
        Looked looked = eye.look(TestPictures.withExif(TestPictures.jpeg(50, 50, 2), 1, "2019:03:04 11:22:33"));
        assertThat(looked.taken()).hasValue(Instant.parse("2019-03-04T11:22:33Z").toEpochMilli());
        assertThat(looked.zoned()).isFalse();
        assertThat(looked.place()).containsExactly(485_000_000, 112_500_000);
        assertThat(looked.camera()).isEqualTo("ACE");
    }

    @Test
    void hash_isNearForVersionsOfOnePicture_andFarForOthers() throws IOException {
        long one = eye.look(TestPictures.jpeg(1_200, 900, 5)).hash();
        long smaller = eye.look(TestPictures.encoded(TestPictures.image(640, 480, 5), "png")).hash();
        long other = eye.look(TestPictures.jpeg(1_200, 900, 9)).hash();
        assertThat(Long.bitCount(one ^ smaller)).isLessThanOrEqualTo(6);
        assertThat(Long.bitCount(one ^ other)).isGreaterThan(10);
    }

    @Test
    void grey_staysAsGreyAsItIs() throws IOException {
        BufferedImage grey = new BufferedImage(2_000, 1_000, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < grey.getHeight(); y++) {
            for (int x = 0; x < grey.getWidth(); x++) {
                grey.getRaster().setSample(x, y, 0, 128);
            }
        }
        Looked looked = eye.look(TestPictures.encoded(grey, "jpeg"));
        assertThat(decoded(looked.small()).getRGB(100, 100) & 0xff).isBetween(126, 130);
    }

    /// In a profile where red is what the web calls green, pure red is shown green.
    @Test
    void colours_areShownAsTheProfileMeansThem() throws IOException {
        BufferedImage red = new BufferedImage(2_000, 1_000, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < red.getHeight(); y++) {
            for (int x = 0; x < red.getWidth(); x++) {
                red.setRGB(x, y, 0xff0000);
            }
        }
        byte[] jpeg = TestPictures.encoded(red, "jpeg");
        int plain = decoded(eye.look(jpeg).small()).getRGB(100, 100);
        int meant = decoded(eye.look(TestPictures.withProfile(jpeg)).small()).getRGB(100, 100);
        assertThat(plain >> 16 & 0xff).isGreaterThan(240);
        assertThat(meant >> 16 & 0xff).as("red").isLessThan(120);
        assertThat(meant >> 8 & 0xff).as("green").isGreaterThan(200);
    }

    @Test
    void pictureOfManyPixels_isReducedWhileItIsRead() throws IOException {
        Looked looked = eye.look(TestPictures.jpeg(9_000, 3_001, 4));
        assertThat(looked.width()).isEqualTo(9_000);
        assertThat(looked.height()).isEqualTo(3_001);
        assertThat(decoded(looked.large()).getWidth()).isEqualTo(1_600);
        assertThat(decoded(looked.large()).getHeight()).isBetween(533, 534);
    }

    @Test
    void pictureThatEndsEarly_isShownAsFarAsItGoes() throws IOException {
        byte[] whole = TestPictures.jpeg(2_000, 1_000, 5);
        Looked looked = eye.look(java.util.Arrays.copyOf(whole, whole.length * 3 / 4));
        assertThat(looked.isDecoded()).isTrue();
        assertThat(decoded(looked.small()).getRGB(10, 10) >> 16 & 0xff).as("red").isGreaterThan(200);
    }

    @Test
    void transparency_becomesWhite() throws IOException {
        BufferedImage clear = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
        Looked looked = eye.look(TestPictures.encoded(clear, "png"));
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
        assertThat(eye.look(raw.toByteArray()).width()).isEqualTo(640);
    }

    @Test
    void hostileFiles_areBlank_orShownAsFarAsTheyGo() throws IOException {
        assertThat(eye.look(TestPictures.pngBomb(2_000_000, 2_000_000)).isDecoded()).isFalse();
        assertThat(eye.look(new byte[0]).isDecoded()).isFalse();
        assertThat(eye.look("<svg onload=alert(1)>".getBytes(java.nio.charset.StandardCharsets.UTF_8)).isDecoded()).isFalse();
        byte[] honest = TestPictures.withExif(TestPictures.jpeg(200, 200, 1), 6, "2019:03:04 11:22:33");
        long seed = System.nanoTime();
        for (int round = 0; round < 150; round++) {
            Random random = new Random(seed + round);
            byte[] changed = java.util.Arrays.copyOf(honest, 1 + random.nextInt(honest.length));
            for (int i = 0; i < 10; i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            assertThat(eye.look(changed)).as("seed %d", seed + round).isNotNull();
        }
    }

    @Test
    void answer_isReadAsItWasWritten_andNonsenseIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Looked looked = eye.look(TestPictures.withExif(TestPictures.jpeg(64, 64, 2), 1, "2019:03:04 11:22:33"));
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
