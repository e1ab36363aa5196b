package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final RetryPolicy POLICY =
            new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMinutes(10));

    private final FakeTicks ticks = new FakeTicks();
    private final AtomicInteger calls = new AtomicInteger();

    private void failAlways(RetryPolicy policy) {
        assertThatExceptionOfType(StoreUnavailable.class)
                .isThrownBy(() -> policy.<String, StoreException>run(ticks, new Random(7), () -> {
                    calls.incrementAndGet();
                    throw new StoreUnavailable("down");
                }));
    }

    @Test
    void run_returnsTheFirstSuccess() throws Exception {
        int result = POLICY.<Integer, StoreException>run(ticks, new Random(7), () -> {
            if (calls.incrementAndGet() < 3) {
                throw new StoreUnavailable("down");
            }
            return calls.get();
        });
        assertThat(result).isEqualTo(3);
        assertThat(ticks.slept()).hasSize(2);
    }

    @Test
    void run_givesUpAfterTheLastTry() {
        failAlways(POLICY);
        assertThat(calls).hasValue(6);
    }

    @Test
    void waits_growToTheirMaximum_andDiffer() {
        failAlways(POLICY);
        Duration[] longest = {
            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(3),
            Duration.ofSeconds(3)
        };
        assertThat(ticks.slept()).hasSize(5).doesNotHaveDuplicates();
        for (int i = 0; i < 5; i++) {
            assertThat(ticks.slept().get(i)).isLessThanOrEqualTo(longest[i]);
        }
    }

    @Test
    void run_doesNotTryPastItsDeadline() {
        failAlways(new RetryPolicy(1_000, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5)));
        assertThat(ticks.nanos()).isLessThanOrEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(calls.get()).isBetween(5, 100);
    }

    @Test
    void run_doesNotRepeatAFailureForGood() {
        for (StoreException failure : new StoreException[] {
            new ObjectMissing(), new StoreCorrupt("c"), new StoreFull(), new StoreRefused(StoreRefused.Reason.ACCESS)
        }) {
            calls.set(0);
            assertThatThrownBy(() -> POLICY.<String, StoreException>run(ticks, new Random(7), () -> {
                        calls.incrementAndGet();
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void run_doesNotRepeatWhatTheCallerThrows() {
        var failure = new IOException("the source broke");
        assertThatThrownBy(() -> POLICY.<String, IOException>run(ticks, new Random(7), () -> {
                    calls.incrementAndGet();
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(calls).hasValue(1);
    }

    @Test
    void run_stopsWhenInterrupted() {
        Thread.currentThread().interrupt();
        try {
            failAlways(POLICY);
            assertThat(calls).hasValue(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
