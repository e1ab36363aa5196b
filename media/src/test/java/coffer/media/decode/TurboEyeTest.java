package coffer.media.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coffer.media.TestPictures;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// With libturbojpeg, where the system has it.
class TurboEyeTest extends EyeContract {

    @Override
    Eye eye() {
        Optional<Jpegs> turbo = TurboJpegs.find();
        assumeTrue(turbo.isPresent(), "libturbojpeg is not on this system (Debian: libturbojpeg0), so Java's decoder alone is tested");
        return new Eye(turbo.get());
    }

    @Test
    void previews_areWhatJavasDecoderMakesToTheEye() throws IOException {
        byte[] file = TestPictures.withExif(TestPictures.jpeg(4_000, 3_000, 7), 6, "2019:03:04 11:22:33");
        Looked turbo = eye().look(file);
        Looked java = new Eye(Jpegs.JAVA).look(file);
        assertThat(Long.bitCount(turbo.hash() ^ java.hash())).isLessThanOrEqualTo(2);
        assertThat(turbo).usingRecursiveComparison().ignoringFields("small", "large", "hash").isEqualTo(java);
        assertThat(turbo.large().length).isBetween(java.large().length / 2, java.large().length * 2);
    }
}
