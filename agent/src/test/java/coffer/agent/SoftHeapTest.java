package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SoftHeapTest {

    @Test
    void threshold_isTheSoftLimit_asLongAsLittleIsHeld() {
        assertThat(SoftHeap.threshold(100, 0, 400)).isEqualTo(100);
        assertThat(SoftHeap.threshold(100, 80, 400)).isEqualTo(100);
    }

    @Test
    void threshold_growsWithWhatIsHeld_upToTheEndOfTheHeap() {
        assertThat(SoftHeap.threshold(100, 200, 400)).isEqualTo(250);
        assertThat(SoftHeap.threshold(100, 200, -1)).isEqualTo(250);
        assertThat(SoftHeap.threshold(100, 390, 400)).isEqualTo(400);
    }
}
