package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrottleTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path home;

    private final AtomicLong now = new AtomicLong(77);
    private final Throttle throttle = new Throttle(now::get);

    @Test
    void withoutLimit_nothingWaits() {
        throttle.spend(1L << 40);
        assertThat(throttle.waitNs()).isZero();
    }

    @Test
    void whatWasTransferred_isWaitedFor() {
        throttle.limit(100_000);
        throttle.spend(50_000);
        assertThat(throttle.waitNs()).isBetween(SECOND / 2, SECOND / 2 + 10);
        now.addAndGet(SECOND / 4);
        assertThat(throttle.waitNs()).isBetween(SECOND / 4, SECOND / 4 + 10);
        now.addAndGet(SECOND / 4 + 10);
        assertThat(throttle.waitNs()).isZero();
    }

    @Test
    void silence_isSavedUpForAQuarterOfASecond_andNoMore() {
        throttle.limit(100_000);
        now.addAndGet(3600 * SECOND);
        throttle.spend(25_000);
        assertThat(throttle.waitNs()).isZero();
        throttle.spend(10_000);
        assertThat(throttle.waitNs()).isBetween(SECOND / 10 - 10, SECOND / 10 + 10);
    }

    @Test
    void overManyPieces_theRateIsKept() {
        throttle.limit(1_000_000);
        long start = now.get();
        for (int piece = 0; piece < 1_000; piece++) {
            throttle.spend(16_384);
            now.addAndGet(throttle.waitNs());
        }
        assertThat(16_384L * 1_000 * SECOND / (now.get() - start)).isBetween(999_000L, 1_000_000L);
    }

    @Test
    void anotherRate_countsAtOnce_andForgivesTheDebt() {
        throttle.limit(32_000);
        throttle.spend(32_000_000);
        throttle.limit(1_000_000);
        assertThat(throttle.waitNs()).isZero();
        throttle.spend(1_000_000);
        throttle.limit(Throttle.UNLIMITED);
        assertThat(throttle.waitNs()).isZero();
        assertThatThrownBy(() -> throttle.limit(31_999)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limits_areKeptInTheHome() throws Exception {
        assertThat(Bandwidth.of(home).limits()).isEqualTo(new Device.Limits(0, 0));
        Bandwidth.of(home).limit(new Device.Limits(500_000, 0));
        assertThat(Bandwidth.of(home).limits()).isEqualTo(new Device.Limits(500_000, 0));
        assertThatThrownBy(() -> Bandwidth.of(home).limit(new Device.Limits(0, 5))).isInstanceOf(CofferException.class);
        assertThat(Bandwidth.of(home).limits()).isEqualTo(new Device.Limits(500_000, 0));
        Files.writeString(home.resolve("limits"), "up=9\ndown=fast\n");
        assertThat(Bandwidth.of(home).limits()).isEqualTo(new Device.Limits(0, 0));
    }
}
