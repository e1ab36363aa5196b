package coffer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What finds faults must be able to.
class FuzzTest {

    private static final byte[] GOOD = {1, 2, 3, 4, 5, 6, 7, 8};

    @Test
    void aDecoderThatTakesTwoFormsOfOneValue_isFound() {
        Fuzz lenient = Fuzz.of("lenient", bytes -> Arrays.copyOf(bytes, 8), CborException.class).from(GOOD);
        assertThatThrownBy(lenient::run).isInstanceOf(AssertionError.class).hasMessageContaining("written otherwise");
    }

    @Test
    void aDecoderThatFailsInAnotherWay_isFound() {
        Fuzz careless = Fuzz.of(
                        "careless",
                        bytes -> {
                            if (bytes[7] < 0) {
                                throw new CborException("negative");
                            }
                            return bytes;
                        },
                        CborException.class)
                .from(GOOD);
        assertThatThrownBy(careless::run)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no documented way")
                .hasCauseInstanceOf(ArrayIndexOutOfBoundsException.class);
    }

    @Test
    void aDecoderThatBelievesALength_isFound() {
        Fuzz trusting = Fuzz.of("trusting", bytes -> {
                    Arrays.fill(new byte[bytes[0] << 24], (byte) 1);
                    return bytes;
                })
                .from(GOOD);
        assertThatThrownBy(trusting::run).isInstanceOf(AssertionError.class).hasMessageContaining("bytes, seed");
    }

    @Test
    void goodInputThatIsRefused_isAFaultOfTheTest() {
        Fuzz strict = Fuzz.of(
                        "strict",
                        bytes -> {
                            throw new CborException("never");
                        },
                        CborException.class)
                .from(GOOD);
        assertThatThrownBy(strict::run).isInstanceOf(AssertionError.class).hasMessageContaining("good input");
    }

    @Test
    void aDecoderThatIsRight_passes_andBothRefusesAndAccepts() {
        Fuzz.Result result = Fuzz.of(
                        "right",
                        bytes -> {
                            if (bytes.length != 8) {
                                throw new CborException("length");
                            }
                            return bytes;
                        },
                        CborException.class)
                .from(GOOD)
                .run();
        assertThat(result.accepted()).isBetween(1L, result.rounds() - 1);
    }
}
