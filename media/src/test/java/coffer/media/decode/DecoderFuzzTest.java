package coffer.media.decode;

import coffer.core.Fuzz;
import coffer.media.TestPictures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Pictures come from anybody, and what comes from the process that decodes them comes from them.
class DecoderFuzzTest {

    @Test
    void factsOfAPicture() throws IOException {
        byte[] jpeg = TestPictures.jpeg(16, 16, 1);
        Fuzz.of("picture facts", bytes -> {
                    Looked looked = looked(Facts.of(bytes));
                    byte[] sent = written(looked);
                    Looked.read(new DataInputStream(new ByteArrayInputStream(sent)));
                    return null;
                })
                .from(TestPictures.withExif(jpeg, 6, "2019:03:08 09:32:01"), jpeg, TestPictures.encoded(TestPictures.image(8, 8, 1), "png"))
                .within(64 << 20) // the process that reads them has so much
                .slow()
                .run();
    }

    private static Looked looked(Facts facts) {
        return new Looked(
                0, 0, facts.taken(), facts.zoned(), facts.place(), facts.camera(), facts.pair(), 0, new byte[0], new byte[0]);
    }

    private static byte[] written(Looked looked) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        looked.write(new DataOutputStream(out));
        return out.toByteArray();
    }

    @Test
    void embeddedPicture() throws IOException {
        byte[] jpeg = TestPictures.jpeg(16, 16, 1);
        Fuzz.of("embedded picture", bytes -> {
                    Facts.embeddedJpeg(bytes);
                    return null;
                })
                .from(TestPictures.withExif(jpeg, 6, "2019:03:08 09:32:01"))
                .run();
    }

    @Test
    void answerOfTheDecoder() throws IOException {
        Looked good = new Looked(
                640, 480, OptionalLong.of(5), true, new int[] {1, 2}, "camera", "pair", 77, new byte[20], new byte[40]);
        Fuzz.of("answer of the decoder", bytes -> {
                    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
                    written(Looked.read(in));
                    return null;
                }, IOException.class)
                .from(written(good), written(Looked.blank()))
                .within(8 << 20)
                .run();
    }
}
