package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.service.evaluation.EvaluationStatus.State;
import coffer.service.evaluation.FakeWire.Lapse;
import coffer.store.Fault;
import coffer.store.FaultyStore;
import coffer.store.ObjectInfo;
import coffer.store.ObjectName;
import coffer.store.ShapedStore;
import coffer.store.StoreException;
import coffer.store.StoreRefused;
import coffer.store.StoreUnavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever a provider does wrong leads to the criterion that says so.
class FaultsTest {

    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final int CANARY = 2 << 10;

    @TempDir
    Path folder = Path.of("");

    private Lab lab;

    @BeforeEach
    void openLab() throws Exception {
        lab = new Lab(folder.resolve("evaluations"));
    }

    @AfterEach
    void closeLab() throws Exception {
        lab.close();
    }

    /// Once the evaluation has been running for ten minutes.
    private boolean isLater() {
        return lab.time.nanos() > Duration.ofMinutes(10).toNanos();
    }

    private void onceLater(FaultyStore.Operation operation, Fault fault) {
        lab.faulty.on(Set.of(operation), _ -> isLater(), 1, fault);
    }

    /// Does something to the provider at the first call after ten minutes.
    private void meddle(ThrowingRunnable action) {
        var done = new AtomicInteger();
        lab.through(store -> HookedStore.before(store, _ -> {
            if (isLater() && done.getAndIncrement() == 0) {
                action.run();
            }
        }));
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws StoreException;
    }

    private ObjectName canary() throws StoreException {
        return lab.memory.list("", "", 1_000).stream()
                .filter(object -> object.size() == CANARY)
                .findFirst()
                .orElseThrow()
                .name();
    }

    private State run(String... criteria) throws Exception {
        return lab.run(HALF_HOUR, criteria).state();
    }

    private void assertFailed(String... criteria) throws Exception {
        assertThat(run()).isEqualTo(State.FAILED);
        assertThat(lab.failures()).containsExactlyInAnyOrder(criteria);
    }

    private long figure(String criterion) throws Exception {
        Long figure = lab.finding(criterion).figure();
        return figure == null ? -1 : figure;
    }

    @Test
    void anObjectThatIsLost_failsDurability() throws Exception {
        meddle(() -> lab.memory.delete(canary()));
        assertFailed("durability.denied", "durability.lost", "listing.errors", "availability");
        assertThat(figure("durability.lost")).isEqualTo(1);
    }

    @Test
    void anObjectThatIsDeniedOnce_isNotLost_butFails() throws Exception {
        onceLater(FaultyStore.Operation.GET, Fault.missing());
        assertFailed("durability.denied");
        assertThat(figure("durability.denied")).isEqualTo(1);
    }

    @Test
    void oneFlippedByte_failsIntegrity() throws Exception {
        onceLater(FaultyStore.Operation.GET, new Fault.Flip(77));
        assertFailed("integrity.wrong-bytes");
        assertThat(figure("integrity.wrong-bytes")).isEqualTo(1);
    }

    @Test
    void aByteThatRots_failsIntegrity_inEveryRoundFromThenOn() throws Exception {
        meddle(() -> lab.memory.damage(canary(), 5));
        assertFailed("integrity.wrong-bytes", "availability");
        assertThat(figure("integrity.wrong-bytes")).isGreaterThan(50);
    }

    @Test
    void anObjectThatEndsEarly_failsIntegrity() throws Exception {
        onceLater(FaultyStore.Operation.GET, new Fault.Cut(100));
        assertFailed("integrity.wrong-bytes");
    }

    @Test
    void anotherObjectThanAskedFor_failsIntegrity() throws Exception {
        byte[] other = {1, 2, 3};
        lab.memory.put(ObjectName.ofContent(other), other);
        onceLater(FaultyStore.Operation.GET, new Fault.Swap(ObjectName.ofContent(other)));
        assertFailed("integrity.wrong-bytes");
    }

    @Test
    void aWrongSize_isAWrongAnswer() throws Exception {
        onceLater(FaultyStore.Operation.STAT, new Fault.Claim(5));
        assertFailed("integrity.wrong-answers");
    }

    @Test
    void anObjectThatIsAcknowledgedAndNotStored_failsDurability() throws Exception {
        // The first PUT after ten minutes is of a sample, which is kept.
        onceLater(FaultyStore.Operation.PUT, new Fault.Drop());
        assertThat(run()).isEqualTo(State.FAILED);
        assertThat(lab.failures()).contains("durability.denied", "listing.errors");
    }

    @Test
    void anObjectThatIsNotDeleted_isAWrongAnswer_andAnErrorInListings() throws Exception {
        onceLater(FaultyStore.Operation.DELETE, new Fault.Drop());
        assertFailed("integrity.wrong-answers", "listing.errors", "availability");
    }

    @Test
    void aProviderWithoutRoom_failsWhatNeedsRoom() throws Exception {
        lab.faulty.on(FaultyStore.Operation.PUT, FaultyStore.ALWAYS, Fault.full());
        assertThat(run("patience", "PT0S")).isEqualTo(State.FAILED);
        assertThat(lab.failures()).contains("availability", "outage.longest", "conformance.round-trip", "latency.put.p50");
        assertThat(lab.finding("conformance.round-trip").outcome()).isEqualTo(Outcome.NOT_MEASURED);
        assertThat(lab.finding("latency.put.p50").outcome()).isEqualTo(Outcome.NOT_MEASURED);
    }

    @Test
    void anOutageLongerThanAllowed_fails_andNothingIsTakenForLost() throws Exception {
        outage(Duration.ofMinutes(10), Duration.ofMinutes(16));
        assertFailed("outage.longest", "availability");
        assertThat(figure("outage.longest")).isBetween(350_000L, 400_000L);
        assertThat(figure("outage.survived")).isEqualTo(1);
        assertThat(lab.objects()).isEmpty();
    }

    @Test
    void aRestartWithinTheBudget_passes_andIsSeen() throws Exception {
        outage(Duration.ofMinutes(10), Duration.ofMinutes(11));
        assertThat(run("availability", "90%", "restarts-min", "1")).isEqualTo(State.PASSED);
        assertThat(figure("outage.survived")).isEqualTo(1);
    }

    @Test
    void aRestartThatWasAskedForAndNotSeen_fails() throws Exception {
        assertThat(run("restarts-min", "1")).isEqualTo(State.FAILED);
        assertThat(lab.failures()).containsExactly("outage.survived");
    }

    @Test
    void aRestartThatForgets_failsDurability() throws Exception {
        outage(Duration.ofMinutes(10), Duration.ofMinutes(11));
        lab.faulty.on(
                Set.of(FaultyStore.Operation.PUT),
                _ -> lab.time.nanos() > Duration.ofMinutes(9).toNanos() && lab.time.nanos() < Duration.ofMinutes(10).toNanos(),
                FaultyStore.ALWAYS,
                new Fault.Drop());
        assertThat(run("availability", "50%", "samples", "1000")).isEqualTo(State.FAILED);
        assertThat(lab.failures()).contains("durability.lost");
    }

    private void outage(Duration from, Duration to) {
        lab.through(store -> HookedStore.before(store, _ -> {
            long now = lab.time.nanos();
            if (now > from.toNanos() && now < to.toNanos()) {
                throw new StoreUnavailable("injected");
            }
        }));
    }

    @Test
    void aThrottlingProvider_spendsItsErrorBudget() throws Exception {
        var calls = new AtomicInteger();
        lab.through(store -> HookedStore.before(store, _ -> {
            if (calls.incrementAndGet() % 50 == 0) {
                throw new StoreUnavailable("the provider cannot serve now");
            }
        }));
        assertFailed("availability");
        assertThat(figure("availability")).isBetween(950_000L, 995_000L);
        assertThat(lab.objects()).isEmpty();
    }

    @Test
    void acknowledgementsThatGetLost_leaveNothingBehind() throws Exception {
        lab.faulty.on(FaultyStore.Operation.PUT, 5, new Fault.FailAfter(() -> new StoreUnavailable("injected")));
        assertThat(run()).isEqualTo(State.FAILED);
        assertThat(lab.failures()).containsExactly("availability");
        assertThat(lab.objects()).isEmpty();
        assertThat(lab.faulty.applied()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"PUT, put", "GET, get", "STAT, stat"})
    void aSlowProvider_failsTheLatencyOfWhatIsSlow(FaultyStore.Operation operation, String name) throws Exception {
        lab.faulty.on(operation, FaultyStore.ALWAYS, new Fault.Delay(Duration.ofSeconds(5)));
        assertThat(run()).isEqualTo(State.FAILED);
        assertThat(lab.failures()).containsExactlyInAnyOrder(
                "latency." + name + ".p50", "latency." + name + ".p95", "latency." + name + ".p99");
    }

    @Test
    void aNarrowLine_failsThroughput() throws Exception {
        lab.through(store -> new ShapedStore(store, Duration.ZERO, 100_000, lab.time));
        assertThat(run("upload-min", "1MiB", "download-min", "1MiB")).isEqualTo(State.FAILED);
        assertThat(lab.failures()).contains("throughput.up", "throughput.down");
        assertThat(lab.report().verdict().findings()).noneMatch(f -> f.outcome() == Outcome.NOT_MEASURED);
    }

    @Test
    void aListingThatOmits_isFound() throws Exception {
        lab.through(store -> HookedStore.listing(store, found -> found.size() < 3 ? found : found.subList(1, found.size())));
        assertFailed("listing.errors", "availability", "conformance.list-pages");
    }

    @Test
    void aListingThatInvents_isFound() throws Exception {
        lab.through(store -> HookedStore.listing(store, found -> {
            if (found.isEmpty()) {
                return found;
            }
            var more = new ArrayList<>(found);
            String last = found.getLast().name().text();
            more.add(new ObjectInfo(ObjectName.parse(last.substring(0, 60) + "ffff"), 7));
            return more;
        }));
        assertThat(run()).isEqualTo(State.FAILED);
        assertThat(lab.failures()).contains("listing.errors");
    }

    @Test
    void aListingOutOfOrder_isFound() throws Exception {
        lab.through(store -> HookedStore.listing(store, found -> {
            var turned = new ArrayList<>(found);
            Collections.reverse(turned);
            return turned;
        }));
        assertFailed("listing.errors", "availability", "conformance.list-pages");
    }

    @Test
    void objectsOfOthers_areToldFromPhantoms() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 40_000; i++) {
            byte[] content = new byte[16];
            random.nextBytes(content);
            lab.memory.put(ObjectName.ofContent(content), content);
        }
        assertThat(run()).isEqualTo(State.PASSED);
        assertThat(Files.readString(lab.report().folder().resolve(Report.JSON)))
                .doesNotContain("\"foreignObjects\" : 0");
    }

    @Test
    void whatCannotBeRemoved_isReported_andRemovedByTheNextEvaluation() throws Exception {
        lab.faulty.on(FaultyStore.Operation.DELETE, FaultyStore.ALWAYS, Fault.unavailable());
        assertThat(run()).isEqualTo(State.FAILED);
        assertThat(lab.failures()).contains("cleanup.left");
        assertThat(lab.objects()).hasSize((int) figure("cleanup.left"));
        lab.faulty.heal();
        assertThat(run()).isEqualTo(State.PASSED);
        assertThat(lab.objects()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ACCESS", "CLOCK", "PLACE"})
    void aRefusalAtTheFirstCall_endsWithoutAReport(StoreRefused.Reason reason) throws Exception {
        lab.faulty.on(FaultyStore.Operation.LIST, 1, new Fault.Fail(() -> new StoreRefused(reason)));
        EvaluationStatus status = lab.run(HALF_HOUR);
        assertThat(status.state()).isEqualTo(State.REFUSED);
        assertThat(status.note()).isEqualTo(new StoreRefused(reason).getMessage());
        assertThat(lab.evaluations().report(Lab.PROVIDER)).isEmpty();
        assertThat(lab.ended).hasSize(1);
    }

    @Test
    void aBucketThatGoesAwayForAWhile_isAnOutageAndNoLoss() throws Exception {
        var gone = Duration.ofMinutes(10);
        lab.through(store -> HookedStore.before(store, _ -> {
            if (lab.time.nanos() > gone.toNanos() && lab.time.nanos() < gone.plusMinutes(2).toNanos()) {
                throw new StoreRefused(StoreRefused.Reason.PLACE);
            }
        }));
        assertFailed("availability");
        assertThat(figure("durability.denied")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "TAKES_ANY_BODY, upload-other-bytes upload-other-size upload-grant",
        "TAKES_ANY_SIGNATURE, upload-altered download-altered",
        "TAKES_ANY_OBJECT, upload-other-object download-other-object",
        "TAKES_ANY_METHOD, upload-other-method download-other-method",
        "TAKES_EXPIRED, upload-expired download-expired",
        "IS_PUBLIC, anonymous-read",
        "IGNORES_RANGES, download-range"
    })
    void anEndpointThatDoesNotEnforce_failsExactlyThatCheck(Lapse lapse, String checks) throws Exception {
        lab.wire.with(lapse);
        String[] expected =
                Arrays.stream(checks.split(" ")).map(check -> "conformance." + check).toArray(String[]::new);
        assertFailed(expected);
    }

    @Test
    void grantsThatAreNeverServed_areNotMeasured_whichFails() throws Exception {
        lab.wire.with(Lapse.THROTTLES);
        assertThat(run()).isEqualTo(State.FAILED);
        List<Finding> failures = lab.report().verdict().failures();
        assertThat(failures).allMatch(finding -> finding.outcome() == Outcome.NOT_MEASURED);
        assertThat(failures).extracting(Finding::criterion).contains("conformance.upload-grant", "conformance.download-expired");
        assertThat(lab.report().capabilities().answers().get(Check.UPLOAD_GRANT)).isEqualTo(Capabilities.Answer.NOT_ASKED);
    }

    @Test
    void conditionalWrites_areRecordedAndDecideNothing() throws Exception {
        assertThat(run()).isEqualTo(State.PASSED);
        assertThat(lab.report().capabilities().has(Check.CONDITIONAL_WRITE)).isFalse();
        lab.wire.conditional();
        assertThat(run()).isEqualTo(State.PASSED);
        assertThat(lab.report().capabilities().has(Check.CONDITIONAL_WRITE)).isTrue();
    }

    @Test
    void anExpiredUploadGrant_isAskedOnlyInALongEvaluation() throws Exception {
        lab.run(Duration.ofMinutes(10));
        assertThat(lab.report().capabilities().answers().get(Check.UPLOAD_EXPIRED)).isEqualTo(Capabilities.Answer.NOT_ASKED);
        assertThat(lab.report().passed()).isTrue();
        lab.run(HALF_HOUR);
        assertThat(lab.report().capabilities().has(Check.UPLOAD_EXPIRED)).isTrue();
    }
}
