package coffer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {

    /// RFC 8032 section 7.1, tests 1, 2 and 3: seed and public key.
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    })
    void ofSeed_derivesThePublicKeyOfTheRfc(String seed, String publicKey) {
        try (SigningKey key = SigningKey.ofSeed(HexFormat.of().parseHex(seed))) {
            assertThat(key.verifyKey().value().hex()).isEqualTo(publicKey);
        }
    }

    @Test
    void verify_acceptsOnlyTheSameLabelAndDataUnderTheSameKey() {
        try (SigningKey key = SigningKey.ofSeed(new byte[32])) {
            byte[] data = {1, 2, 3};
            Bytes signature = key.sign(SignatureLabel.ENTRY, data);
            assertThat(key.verifyKey().verify(SignatureLabel.ENTRY, data, signature)).isTrue();
            assertThat(key.verifyKey().verify(SignatureLabel.SESSION, data, signature)).isFalse();
            assertThat(key.verifyKey().verify(SignatureLabel.ENTRY, new byte[] {1, 2}, signature)).isFalse();
            assertThat(key.verifyKey().verify(SignatureLabel.ENTRY, data, Bytes.of(new byte[64]))).isFalse();
            assertThat(key.verifyKey().verify(SignatureLabel.ENTRY, data, Bytes.EMPTY)).isFalse();
        }
    }

    /// The encodings of the points whose order divides 8, with either sign bit, and y values of p and above.
    @ParameterizedTest
    @ValueSource(strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    })
    void verifyKey_refusesSmallOrderAndNonCanonicalKeys(String key) {
        assertThat(VerifyKey.isAcceptable(Bytes.ofHex(key))).isFalse();
        assertThatThrownBy(() -> new VerifyKey(Bytes.ofHex(key))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labels_areUniqueAndNoneBeginsAnother() {
        List<String> labels =
                java.util.Arrays.stream(SignatureLabel.values()).map(SignatureLabel::text).toList();
        Set<String> unique = new HashSet<>(labels);
        assertThat(unique).hasSameSizeAs(labels).isNotEmpty();
        for (String a : labels) {
            for (String b : labels) {
                assertThat(a.equals(b) || !b.startsWith(a)).as(a + " begins " + b).isTrue();
            }
        }
    }

    @Test
    void signingKey_doesNotPrintItself() {
        try (SigningKey key = SigningKey.ofSeed(new byte[32])) {
            assertThat(key.toString()).isEqualTo("[redacted]");
        }
    }
}
