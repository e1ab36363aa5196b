package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogTimesTest {

    private static final long NOW = 1_000_000_000L;

    @Test
    void at_findsTheLastEntryThatWasThere() {
        LogTimes times = LogTimes.of(5, new long[] {100, 200, 200, 300}, NOW);
        assertThat(at(times, 99)).isEqualTo(4);
        assertThat(at(times, 100)).isEqualTo(5);
        assertThat(at(times, 299)).isEqualTo(7);
        assertThat(at(times, NOW)).isEqualTo(8);
        assertThat(times.time(6)).isEqualTo(Instant.ofEpochMilli(200));
    }

    @Test
    void clockThatIsBehind_doesNotMakeWhatCameBeforeItOlder() {
        // The third was written with a clock of long ago: it lies where the log has it.
        LogTimes times = LogTimes.of(0, new long[] {100, 200, 1, 300, 400}, NOW);
        assertThat(at(times, 250)).isEqualTo(2);
        assertThat(at(times, 50)).isEqualTo(-1);
    }

    @Test
    void clockThatIsAhead_doesNotMakeWhatCameAfterItNewer() {
        LogTimes times = LogTimes.of(0, new long[] {100, 900, 901, 200, 300, 400}, NOW);
        assertThat(at(times, 350)).isEqualTo(4);
        assertThat(at(times, 150)).isEqualTo(2);
    }

    @Test
    void timesToCome_areNotBelieved_howeverManyThereAre() {
        LogTimes times = LogTimes.of(0, new long[] {100, 5 * NOW, 5 * NOW, 5 * NOW, 5 * NOW, 200}, NOW);
        assertThat(at(times, 150)).isEqualTo(4);
        assertThat(at(times, 200)).isEqualTo(5);
    }

    @Test
    void timesNeverRunBackwards_andWhatNeverDidIsAllBelieved() {
        java.util.Random random = new java.util.Random(7);
        for (int round = 0; round < 200; round++) {
            long[] claimed = random.longs(30, 1, 1_000).toArray();
            LogTimes times = LogTimes.of(0, claimed.clone(), NOW);
            for (int i = 1; i < claimed.length; i++) {
                assertThat(times.time(i)).as("round %d", round).isAfterOrEqualTo(times.time(i - 1));
            }
        }
        long[] ordered = random.longs(30, 1, 1_000).sorted().toArray();
        LogTimes times = LogTimes.of(0, ordered.clone(), NOW);
        for (int i = 0; i < ordered.length; i++) {
            assertThat(times.time(i).toEpochMilli()).isEqualTo(ordered[i]);
        }
    }

    private static long at(LogTimes times, long ms) {
        return times.at(Instant.ofEpochMilli(ms));
    }
}
