package coffer.media.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import coffer.media.TestPictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Pictures are looked at in processes that may die.
class DecodersTest {

    private static Looked look(Decoders decoders, byte[] file) throws IOException {
        return decoders.look(new ByteArrayInputStream(file), file.length);
    }

    @Test
    void picture_isSeenInAProcessOfItsOwn() throws IOException {
        try (Decoders decoders = new Decoders(1)) {
            byte[] file = TestPictures.jpeg(400, 300, 1);
            assertThat(look(decoders, file).width()).isEqualTo(400);
            assertThat(look(decoders, file).small()).isEqualTo(Eye.here().look(file).small());
        }
    }

    @Test
    void pictureThatNeedsTooMuch_costsItself_andTheNextIsSeen() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> little = List.of(
                java, "-Xmx24m", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true", "-cp",
                System.getProperty("java.class.path"), DecoderMain.class.getName());
        try (Decoders decoders = new Decoders(1, little)) {
            byte[] large = TestPictures.encoded(TestPictures.image(3_100, 3_100, 1), "png"); // read whole, 29 MB
            assertThat(look(decoders, large).isDecoded()).isFalse();
            assertThat(look(decoders, TestPictures.jpeg(40, 30, 1)).isDecoded()).isTrue();
        }
    }

    @Test
    void processThatAnswersNonsenseOrNothing_leavesThePictureBlank() throws IOException {
        for (List<String> wrong : List.of(List.of("yes"), List.of("true"), List.of("cat"))) {
            try (Decoders decoders = new Decoders(1, wrong)) {
                assertThat(look(decoders, TestPictures.jpeg(40, 30, 1)).isDecoded()).isFalse();
            }
        }
    }

    @Test
    void processThatCannotBeStarted_isNoFaultOfThePicture() throws IOException {
        byte[] file = TestPictures.jpeg(40, 30, 1);
        try (Decoders decoders = new Decoders(1, List.of("/nonexistent/decoder"))) {
            assertThatThrownBy(() -> look(decoders, file)).isInstanceOf(Decoders.Unavailable.class);
        }
    }

    @Test
    void fileThatCannotBeRead_saysSo_andTheNextIsSeen() throws IOException {
        byte[] file = TestPictures.jpeg(40, 30, 1);
        try (Decoders decoders = new Decoders(1)) {
            InputStream shorter = new ByteArrayInputStream(file, 0, 100);
            assertThatThrownBy(() -> decoders.look(shorter, file.length)).isInstanceOf(IOException.class);
            assertThat(look(decoders, file).isDecoded()).isTrue();
        }
    }

    @Test
    void memoryBesideJavas_isLimitedWhereTheSystemAllows() throws IOException {
        List<String> command = new java.util.ArrayList<>(Isolation.prefix(123_456));
        assumeFalse(command.isEmpty(), "no shell here can limit memory");
        command.addAll(List.of("sh", "-c", "ulimit -d"));
        Process process = new ProcessBuilder(command).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip())
                .isIn("123456", "unlimited".repeat(System.getProperty("os.name").startsWith("Linux") ? 0 : 1));
    }
}
