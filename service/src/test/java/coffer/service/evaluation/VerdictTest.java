package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.service.evaluation.Finding.Relation;
import coffer.service.evaluation.Finding.Unit;
import coffer.store.ObjectName;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final ObjectName A = ObjectName.ofContent(new byte[] {1});
    private static final ObjectName B = ObjectName.ofContent(new byte[] {2});

    private final Measurements measured = new Measurements();

    private void begin(long durationMs) {
        measured.add(new Measurement.Begun(
                0, 1, "p/0001", "p", "o", "r", "http://x", "2026-01-01T00:00:00Z", durationMs, "abc", Map.of()));
    }

    private void probe(long at, Operation operation, ObjectName name, long micros, Result result) {
        measured.add(new Measurement.Probed(at, operation, Role.SAMPLE, name.text(), micros, result));
    }

    private void stored(long at, ObjectName name) {
        measured.add(new Measurement.Intended(at, name.text(), 10, Role.SAMPLE));
        probe(at, Operation.PUT, name, 1_000, Result.RIGHT);
    }

    private Finding finding(String criterion, String... criteria) {
        return Verdict.of(measured, Lab.criteria(criteria)).findings().stream()
                .filter(finding -> finding.criterion().equals(criterion))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingMeasured_failsEveryCriterion() {
        Verdict verdict = Verdict.of(measured, Criteria.DEFAULT);
        assertThat(verdict.isPassed()).isFalse();
        assertThat(verdict.findings()).allMatch(finding -> finding.outcome() == Outcome.NOT_MEASURED);
        assertThat(verdict.findings()).hasSizeGreaterThan(30);
    }

    @Test
    void aFigureAtItsBound_passes_andOneBeyondFails() {
        assertThat(Finding.atMost("x", 5L, 5, Unit.COUNT).outcome()).isEqualTo(Outcome.PASS);
        assertThat(Finding.atMost("x", 6L, 5, Unit.COUNT).outcome()).isEqualTo(Outcome.FAIL);
        assertThat(Finding.atLeast("x", 5L, 5, Unit.COUNT).outcome()).isEqualTo(Outcome.PASS);
        assertThat(Finding.atLeast("x", 4L, 5, Unit.COUNT).outcome()).isEqualTo(Outcome.FAIL);
        assertThat(Finding.atLeast("x", null, 0, Unit.COUNT).outcome()).isEqualTo(Outcome.NOT_MEASURED);
        assertThat(Finding.atLeast("x", 4L, 5, Unit.COUNT).relation()).isEqualTo(Relation.AT_LEAST);
    }

    @Test
    void percentiles_areThoseOfTheSortedValues() {
        Random random = new Random(7);
        for (int n : new int[] {1, 2, 3, 10, 99, 100, 101, 1_000}) {
            Samples samples = new Samples();
            long[] all = random.longs(n, 0, 1_000_000).toArray();
            for (int i = 0; i < n; i++) {
                samples.add(i, all[i]);
            }
            Arrays.sort(all);
            for (int percent : new int[] {1, 50, 95, 99, 100}) {
                long value = samples.percentile(percent).orElseThrow();
                long below = Arrays.stream(all).filter(each -> each <= value).count();
                long strictlyBelow = Arrays.stream(all).filter(each -> each < value).count();
                assertThat(100 * below).isGreaterThanOrEqualTo(percent * (long) n);
                assertThat(100 * strictlyBelow).isLessThan(percent * (long) n);
            }
        }
    }

    @Test
    void percentiles_ofAPart_areOfThatPartAlone() {
        Samples samples = new Samples();
        for (int i = 0; i < 100; i++) {
            samples.add(10L * i, i);
        }
        assertThat(samples.percentile(100, 100, 200)).hasValue(19);
        assertThat(samples.percentile(1, 100, 200)).hasValue(10);
        assertThat(samples.percentile(50, 1_000, 2_000)).isEmpty();
    }

    @Test
    void aPercentileOfTooFewValues_isNotMeasured() {
        begin(1_000);
        for (int i = 0; i < 9; i++) {
            stored(i, A);
        }
        assertThat(finding("latency.put.p99", "probes-min", "10").outcome()).isEqualTo(Outcome.NOT_MEASURED);
        stored(9, A);
        assertThat(finding("latency.put.p99", "probes-min", "10").outcome()).isEqualTo(Outcome.PASS);
        assertThat(finding("latency.put.p99", "probes-min", "10", "put-p99", "PT0.0009S").outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void aRound_weighsAsMuchAsItLasts() {
        begin(100_000);
        measured.add(new Measurement.Round(0, 0));
        for (int i = 0; i < 50; i++) {
            probe(10, Operation.STAT, A, 1, Result.RIGHT);
        }
        // Few calls fit into a round in which each waits for an answer in vain.
        measured.add(new Measurement.Round(1_000, 1));
        probe(31_000, Operation.STAT, A, 30_000_000, Result.UNAVAILABLE);
        measured.add(new Measurement.Round(91_000, 2));
        probe(91_001, Operation.STAT, A, 1, Result.RIGHT);
        measured.add(new Measurement.FinalRead(100_000, 0));
        assertThat(measured.rounds().availabilityPpm()).isEqualTo(100_000);
    }

    @Test
    void availability_isNeverRoundedUp() {
        begin(10_000_000);
        for (int i = 0; i < 3_000; i++) {
            measured.add(new Measurement.Round(i * 1_000L, i));
            for (int k = 0; k < 1_000; k++) {
                if (i == 0 && k == 0) {
                    probe(i * 1_000L, Operation.STAT, A, 1, Result.UNAVAILABLE);
                } else if (k == 1) {
                    measured.add(new Measurement.ReadBack(i * 1_000L, Role.CANARY, 999));
                }
            }
        }
        assertThat(measured.rounds().availabilityPpm()).isEqualTo(999_999);
        assertThat(finding("availability", "availability", "100%").outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void anOutage_lastsFromTheFirstFailureToTheFirstAnswer_ofItsKind() {
        begin(100_000);
        stored(0, A);
        probe(5_000, Operation.PUT, B, 2_000_000, Result.FULL);
        probe(6_000, Operation.GET, A, 1, Result.RIGHT);
        probe(9_000, Operation.PUT, B, 1_000_000, Result.UNAVAILABLE);
        assertThat(measured.outages().longest(9_000)).as("still open").isEqualTo(6_000);
        probe(10_000, Operation.PUT, B, 1_000, Result.RIGHT);
        assertThat(measured.outages().list()).containsExactly(new Outage(Operation.PUT, 3_000, 10_000));
        assertThat(finding("outage.longest", "outage-max", "PT7S").outcome()).isEqualTo(Outcome.PASS);
        assertThat(finding("outage.longest", "outage-max", "PT6.999S").outcome()).isEqualTo(Outcome.FAIL);
        assertThat(finding("outage.survived").figure()).as("reading never failed").isEqualTo(0L);
    }

    @Test
    void anOutageAtTheEnd_lastsUntilThen_andIsNotSurvived() {
        begin(100_000);
        stored(0, A);
        probe(50_000, Operation.GET, A, 0, Result.UNAVAILABLE);
        measured.add(new Measurement.Ended(100_000, "2026-01-01T00:01:40Z", Measurement.How.DONE, 0, ""));
        assertThat(finding("outage.longest").figure()).isEqualTo(50_000L);
        assertThat(finding("outage.survived", "restarts-min", "1").outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void ofManyOutages_theLongestAreKept_andAllAreCounted() {
        begin(100_000);
        for (int i = 0; i < 500; i++) {
            probe(1_000L * i, Operation.GET, A, 0, Result.UNAVAILABLE);
            probe(1_000L * i + i, Operation.GET, A, 0, Result.RIGHT);
        }
        assertThat(measured.outages().count()).isEqualTo(500);
        assertThat(measured.outages().list()).hasSize(Outages.KEPT_MAX);
        assertThat(measured.outages().list().getFirst().length()).isEqualTo(499);
        assertThat(measured.outages().list().getLast().length()).isEqualTo(400);
    }

    @Test
    void anObjectIsLost_onlyIfItWasMissingWhenItWasLastRead() {
        begin(1_000);
        stored(0, A);
        stored(0, B);
        probe(1, Operation.GET, A, 1, Result.MISSING);
        probe(2, Operation.GET, B, 1, Result.MISSING);
        probe(3, Operation.GET, A, 1, Result.RIGHT);
        assertThat(finding("durability.lost").outcome()).as("before the last reading").isEqualTo(Outcome.NOT_MEASURED);
        measured.add(new Measurement.FinalRead(4, 0));
        assertThat(finding("durability.lost").figure()).isEqualTo(1L);
        assertThat(finding("durability.denied").figure()).isEqualTo(2L);
    }

    @Test
    void objectsThatTheLastReadingDidNotReach_fail() {
        begin(1_000);
        stored(0, A);
        measured.add(new Measurement.FinalRead(4, 3));
        assertThat(finding("durability.unread").outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void throughput_isTheMedianRunOfTheBestLevel() {
        begin(1_000);
        carried(0, 1, 100);
        carried(1, 1, 900);
        carried(2, 1, 300);
        carried(0, 2, 50);
        assertThat(finding("throughput.up", "concurrency", "1,2").figure()).isEqualTo(300L);
        assertThat(finding("throughput.up", "concurrency", "1,2", "upload-min", "301B").outcome()).isEqualTo(Outcome.FAIL);
        assertThat(finding("throughput.down", "concurrency", "1,2").outcome()).isEqualTo(Outcome.NOT_MEASURED);
    }

    private void carried(int run, int concurrency, long bytesPerSecond) {
        measured.add(new Measurement.Carried(0, run, Way.UP, concurrency, 2 * bytesPerSecond, 2_000_000, 1, 0));
    }

    @Test
    void throughput_withALevelThatWasNeverMeasured_isNotMeasured() {
        begin(1_000);
        carried(0, 1, 1 << 30);
        assertThat(finding("throughput.up", "concurrency", "1,2").outcome()).isEqualTo(Outcome.NOT_MEASURED);
    }

    @Test
    void aRunThatIsRepeatedAfterACrash_countsOnce() {
        begin(1_000);
        carried(0, 1, 100);
        carried(0, 1, 500);
        assertThat(finding("throughput.up", "concurrency", "1").figure()).isEqualTo(500L);
    }

    @Test
    void everyKindOfListingError_counts() {
        begin(1_000);
        measured.add(new Measurement.Listed(1, 5, Result.WRONG, 10, 1, 2, 3, 4));
        measured.add(new Measurement.Listed(2, 5, Result.WRONG, 10, 0, 0, 0, 0));
        measured.add(new Measurement.Listed(3, 5, Result.UNAVAILABLE, 0, 0, 0, 0, 0));
        assertThat(finding("listing.errors").figure()).isEqualTo(7L);
    }

    @Test
    void aCheckThatDoesNotHold_fails_unlessItIsOnlyForTheRecord() {
        begin(1_000);
        measured.add(new Measurement.Checked(1, Check.RANGES, false));
        measured.add(new Measurement.Checked(1, Check.CONDITIONAL_WRITE, false));
        assertThat(finding("conformance.ranges").outcome()).isEqualTo(Outcome.FAIL);
        assertThat(Verdict.of(measured, Criteria.DEFAULT).findings())
                .noneMatch(finding -> finding.criterion().equals("conformance.conditional-write"))
                .noneMatch(finding -> finding.criterion().equals("conformance.upload-expired"));
        measured.add(new Measurement.Checked(1, Check.UPLOAD_EXPIRED, false));
        assertThat(finding("conformance.upload-expired").outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void everyFinding_hasWordsForPeople() {
        for (Finding finding : Verdict.of(measured, Criteria.DEFAULT).findings()) {
            assertThat(Text.criterion(finding.criterion())).matches("[A-Z].*").doesNotContain(".");
        }
    }
}
