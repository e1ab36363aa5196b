package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import coffer.core.Hash;
import coffer.core.PackId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {

    private static final String TEXT = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void ofContent_isTheSha256OfTheBytes() {
        // FIPS 180-2, appendix B.1
        assertThat(ObjectName.ofContent(new byte[] {'a', 'b', 'c'}).text()).isEqualTo(TEXT);
    }

    @Test
    void parse_isTheInverseOfText() {
        assertThat(ObjectName.parse(TEXT).text()).isEqualTo(TEXT);
        assertThat(ObjectName.parse(TEXT)).isEqualTo(new ObjectName(Hash.ofHex(TEXT)));
        assertThat(ObjectName.parse(TEXT)).isEqualTo(ObjectName.of(PackId.ofHex(TEXT)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
                "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\n",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\u0661"
            })
    void parse_refusesAnythingElse(String text) {
        assertThat(ObjectName.isName(text)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> ObjectName.parse(text));
    }
}
