package coffer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class BytesTest {

    @Test
    void of_copiesInAndOut() {
        byte[] source = {1, 2, 3};
        Bytes bytes = Bytes.of(source);
        source[0] = 9;
        bytes.toArray()[1] = 9;
        assertThat(bytes.hex()).isEqualTo("010203");
        assertThat(bytes.at(2)).isEqualTo((byte) 3);
        assertThat(bytes.size()).isEqualTo(3);
    }

    @Test
    void of_aPart_copiesThatPart() {
        byte[] source = {1, 2, 3, 4};
        assertThat(Bytes.of(source, 1, 2)).isEqualTo(Bytes.ofHex("0203"));
        assertThat(Bytes.of(source, 4, 0)).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void of_aPartThatIsNotThere_isRefused() {
        byte[] source = {1, 2, 3, 4};
        for (int[] part : new int[][] {{3, 2}, {5, 0}, {-1, 1}, {0, -1}, {1, Integer.MAX_VALUE}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> Bytes.of(source, part[0], part[1]));
        }
    }

    @Test
    void equality_isThatOfTheBytes() {
        assertThat(Bytes.ofHex("00ff")).isEqualTo(Bytes.of(new byte[] {0, (byte) 0xff}));
        assertThat(Bytes.ofHex("00FF")).hasSameHashCodeAs(Bytes.ofHex("00ff"));
        assertThat(Bytes.ofHex("00ff")).isNotEqualTo(Bytes.ofHex("00fe")).isNotEqualTo(Bytes.ofHex("00"));
        assertThat(Bytes.ofHex("")).isEqualTo(Bytes.EMPTY);
        assertThat(Bytes.EMPTY.isEmpty()).isTrue();
    }

    @Test
    void order_isThatOfUnsignedBytes_shorterFirst() {
        assertThat(Bytes.ofHex("7f")).isLessThan(Bytes.ofHex("80"));
        assertThat(Bytes.ofHex("01")).isLessThan(Bytes.ofHex("0100"));
        assertThat(Bytes.EMPTY).isLessThan(Bytes.ofHex("00"));
        assertThat(Bytes.ofHex("aa")).isEqualByComparingTo(Bytes.ofHex("aa"));
    }

    @Test
    void ofHex_refusesWhatIsNoHex() {
        for (String text : new String[] {"0", "0g", " 00", "0x00"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Bytes.ofHex(text));
        }
    }

    @Test
    void updateTo_feedsAllBytes() {
        var digest = Hash.digest();
        Bytes.ofHex("616263").updateTo(digest);
        assertThat(Bytes.of(digest.digest())).isEqualTo(Hash.of(new byte[] {'a', 'b', 'c'}).value());
    }
}
