package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private static final long SECOND = 1_000_000_000L;
    private final AtomicLong nanos = new AtomicLong(5);
    private final RateLimits limits = new RateLimits(10, 20, nanos::get);

    @Test
    void aBurst_isAllowedThenTheSteadyRate() {
        assertThat(taken("a", 100)).isEqualTo(20);
        nanos.addAndGet(SECOND);
        assertThat(taken("a", 100)).isEqualTo(10);
        nanos.addAndGet(SECOND / 10);
        assertThat(taken("a", 100)).isEqualTo(1);
    }

    @Test
    void aLongRest_givesNoMoreThanTheBurst() {
        taken("a", 100);
        nanos.addAndGet(1_000 * SECOND);
        assertThat(taken("a", 100)).isEqualTo(20);
    }

    @Test
    void keys_areLimitedApart() {
        taken("a", 100);
        assertThat(taken("b", 100)).isEqualTo(20);
    }

    private int taken(String key, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += limits.tryTake(key) ? 1 : 0;
        }
        return taken;
    }
}
