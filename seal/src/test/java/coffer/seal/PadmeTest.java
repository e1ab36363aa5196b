package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PadmeTest {

    @Test
    void paddedSize_isTheDefinitionWorkedByHand() {
        long[][] cases = {
            {0, 0}, {1, 1}, {2, 2}, {3, 3}, {8, 8}, {9, 10}, {10, 10}, {11, 12}, {100, 104}, {1000, 1024}, {1024, 1024},
            {1025, 1088}, {4097, 4352}, {65_537, 67_584}, {1_000_000, 1_015_808}, {1 << 24, 1 << 24},
            {(1 << 24) + 1, (1 << 24) + (1 << 19)}
        };
        for (long[] pair : cases) {
            assertThat(Padme.paddedSize(pair[0])).as("padded size of %d", pair[0]).isEqualTo(pair[1]);
        }
    }

    @Test
    void paddedSize_neverShrinksNeverExceedsTwelvePercentAndIsAFixedPoint() {
        long last = 0;
        for (long size = 0; size < 200_000; size++) {
            long padded = Padme.paddedSize(size);
            assertThat(padded >= size && padded >= last && padded * 100 <= size * 112 + 99).isTrue();
            assertThat(Padme.paddedSize(padded)).isEqualTo(padded);
            last = padded;
        }
    }

    @Test
    void paddedSize_refusesWhatItCannotRepresent() {
        assertThatIllegalArgumentException().isThrownBy(() -> Padme.paddedSize(-1L));
        assertThatIllegalArgumentException().isThrownBy(() -> Padme.paddedSize((1L << 62) + 1));
    }
}
