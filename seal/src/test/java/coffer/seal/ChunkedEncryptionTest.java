package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.InflaterInputStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ChunkedEncryptionTest {

    private static final Path WYCHEPROOF =
            Path.of("../docs/spec/vectors/sealing/wycheproof-c2sp-chunked-encryption-aes-256-gcm.json");

    private static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.textValue());
    }

    private static byte[] inflate(byte[] compressed) throws IOException {
        return new InflaterInputStream(new ByteArrayInputStream(compressed)).readAllBytes();
    }

    @Test
    void publishedVectors_openAndSealAsTheySay() throws Exception {
        JsonNode file = new ObjectMapper().readTree(WYCHEPROOF.toFile());
        int valid = 0;
        int invalid = 0;
        for (JsonNode test : file.get("tests")) {
            String name = test.get("tcId") + " " + test.get("comment").textValue();
            byte[] key = hex(test.get("key"));
            byte[] context = hex(test.get("ctx"));
            byte[] sealed = inflate(hex(test.get("ct")));
            byte[] out = new byte[sealed.length];
            if (test.get("result").textValue().equals("valid")) {
                int size = ChunkedEncryption.open(key, context, Slice.of(sealed), out, 0);
                byte[] message = Arrays.copyOf(out, size);
                assertThat(size).as(name).isEqualTo(test.get("msgLength").intValue());
                assertThat(MessageDigest.getInstance("SHA-512").digest(message))
                        .as(name)
                        .isEqualTo(hex(test.get("msgSha512")));
                byte[] again = new byte[sealed.length];
                byte[] salt = Arrays.copyOf(sealed, 24);
                ChunkedEncryption.seal(key, salt, context, Slice.of(message), Slice.of(again));
                assertThat(again).as(name).isEqualTo(sealed);
                valid++;
            } else {
                assertThatThrownBy(() -> ChunkedEncryption.open(key, context, Slice.of(sealed), out, 0))
                        .as(name)
                        .isInstanceOf(OpenException.class);
                assertThat(Arrays.equals(out, new byte[out.length])).as(name).isTrue();
                invalid++;
            }
        }
        assertThat(valid).isEqualTo(8);
        assertThat(invalid).isEqualTo(25);
    }

    /// Beyond what the vectors here hold: the counter's second and third byte, each segment opened on its own as the
    /// specification words it.
    @Test
    void segments_areNumberedInTheLastBytesOfTheNonce() throws GeneralSecurityException {
        int segments = 258;
        FixedRandom random = new FixedRandom(100);
        byte[] key = random.bytes(32);
        byte[] salt = random.bytes(24);
        byte[] message = random.bytes(segments * 16_384 + 1);
        byte[] sealed = new byte[(int) ChunkedEncryption.sealedSize(message.length)];
        ChunkedEncryption.seal(key, salt, new byte[0], Slice.of(message), Slice.of(sealed));
        byte[] derived = ChunkedEncryption.derive(key, salt, new byte[0]);
        for (int number : new int[] {0, 1, 255, 256, 257, 258}) {
            byte[] nonce = Arrays.copyOfRange(derived, 32, 44);
            byte[] counter = ByteBuffer.allocate(12).putLong(4, number).array();
            for (int i = 0; i < 12; i++) {
                nonce[i] ^= counter[i];
            }
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE, new SecretKeySpec(derived, 0, 32, "AES"), new GCMParameterSpec(128, nonce));
            int from = 56 + number * 16_400;
            byte[] segment = cipher.doFinal(sealed, from, Math.min(16_400, sealed.length - from));
            int end = Math.min(message.length, (number + 1) * 16_384);
            assertThat(segment).isEqualTo(Arrays.copyOfRange(message, number * 16_384, end));
        }
    }
}
