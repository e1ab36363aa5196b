package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HkdfTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /// RFC 5869, appendix A.1.
    @Test
    void extractAndExpand_matchRfc5869Case1() {
        byte[] prk = Hkdf.extractSha256(
                hex("000102030405060708090a0b0c"), hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"));
        assertThat(prk).isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
        assertThat(Hkdf.expandSha256(prk, hex("f0f1f2f3f4f5f6f7f8f9"), 42))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    }

    @Test
    void expandSha512_matchesTheJdkForKeysThatItAccepts() throws Exception {
        FixedRandom random = new FixedRandom(11);
        for (int size : new int[] {1, 63, 64, 65, 76, 200, 255 * 64}) {
            byte[] key = random.bytes(64);
            byte[] info = random.bytes(random.below(200));
            byte[] expected = KDF.getInstance("HKDF-SHA512")
                    .deriveData(HKDFParameterSpec.expandOnly(new SecretKeySpec(key, "Generic"), info, size));
            assertThat(Hkdf.expandSha512(key, info, size)).isEqualTo(expected);
        }
    }

    @Test
    void expand_refusesMoreThan255Blocks() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hkdf.expandSha256(new byte[32], new byte[0], 255 * 32 + 1));
    }
}
