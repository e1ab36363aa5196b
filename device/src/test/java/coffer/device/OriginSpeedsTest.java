package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OriginSpeedsTest {

    private static final long MIB = 1 << 20;

    private long now;
    private final OriginSpeeds speeds = new OriginSpeeds(() -> now);

    private List<String> order() {
        return speeds.order(List.of("far", "near", "new"), Function.identity());
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void theFastestComesFirst_afterThoseThatWereNeverTried() {
        speeds.served("far", MIB, Duration.ofMillis(800).toNanos());
        speeds.served("near", MIB, Duration.ofMillis(50).toNanos());
        assertThat(order()).containsExactly("new", "near", "far");
    }

    @Test
    void aProviderThatBecameSlow_isOvertaken() {
        speeds.served("new", MIB, 1);
        speeds.served("far", MIB, Duration.ofMillis(800).toNanos());
        speeds.served("near", MIB, Duration.ofMillis(50).toNanos());
        for (int i = 0; i < 10; i++) {
            speeds.served("near", MIB, Duration.ofSeconds(5).toNanos());
        }
        assertThat(order()).containsExactly("new", "far", "near");
    }

    @Test
    void oneThatFailed_isAskedLast_forLongerEachTime_untilItServes() {
        speeds.served("new", MIB, 1);
        speeds.served("far", MIB, 3);
        speeds.served("near", MIB, 2);
        speeds.failed("new");
        assertThat(order()).containsExactly("near", "far", "new");
        pass(Duration.ofSeconds(3));
        assertThat(order()).containsExactly("new", "near", "far");
        speeds.failed("new");
        pass(Duration.ofSeconds(3));
        assertThat(order()).containsExactly("near", "far", "new");
        for (int i = 0; i < 40; i++) {
            speeds.failed("new");
        }
        pass(Duration.ofSeconds(121));
        assertThat(order()).as("never for more than two minutes").containsExactly("new", "near", "far");
        speeds.served("new", MIB, 1);
        speeds.failed("new");
        pass(Duration.ofSeconds(3));
        assertThat(order()).as("forgiven").containsExactly("new", "near", "far");
    }

    @Test
    void patience_followsWhatWasMeasured_withinBounds() {
        assertThat(speeds.patience("far", MIB)).isEqualTo(Duration.ofSeconds(2));
        speeds.served("far", MIB, Duration.ofMillis(500).toNanos());
        assertThat(speeds.patience("far", MIB)).isBetween(Duration.ofMillis(1_990), Duration.ofMillis(2_010));
        speeds.served("near", MIB, 1);
        assertThat(speeds.patience("near", MIB)).isEqualTo(Duration.ofMillis(300));
    }
}
