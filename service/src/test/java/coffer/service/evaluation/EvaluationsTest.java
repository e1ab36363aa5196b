package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import coffer.core.Hash;
import coffer.service.evaluation.EvaluationStatus.State;
import coffer.store.Fault;
import coffer.store.FaultyStore;
import coffer.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationsTest {

    @TempDir
    Path folder = Path.of("");

    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    private final CountDownLatch held = new CountDownLatch(1);
    private Lab lab;

    @BeforeEach
    void openLab() throws Exception {
        lab = new Lab(folder.resolve("evaluations"));
    }

    @AfterEach
    void closeLab() throws Exception {
        lab.close();
    }

    @Test
    void aSoundProvider_passes_andNothingIsLeftBehind() throws Exception {
        lab.logging(Journal::open);
        EvaluationStatus status = lab.run(HALF_HOUR);
        assertThat(lab.failures()).isEmpty();
        assertThat(status.state()).isEqualTo(State.PASSED);
        assertThat(lab.objects()).isEmpty();
        assertThat(lab.ended).hasSize(1);
        assertThat(Report.verify(status.folder(), lab.key().verifyKey())).isEmpty();
    }

    @Test
    void fifteenMonths_takeNoTimeButThatOfTheirRounds() throws Exception {
        Duration duration = IsoPeriod.parse("P15M", FakeTime.START);
        EvaluationStatus status = lab.run(duration, "round-every", "P2D");
        assertThat(status.state()).isEqualTo(State.PASSED);
        assertThat(status.measured()).isEqualTo(duration);
        assertThat(lab.objects()).isEmpty();
    }

    /// Holds the evaluation at its first call after a minute, until it is interrupted.
    private void holdLater() {
        lab.through(store -> HookedStore.before(store, _ -> {
            if (lab.time.nanos() > Duration.ofMinutes(1).toNanos()) {
                held.countDown();
                try {
                    Thread.sleep(Duration.ofMinutes(5));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StoreUnavailable("interrupted", e);
                }
            }
        }));
    }

    private void startHeld() throws Exception {
        holdLater();
        lab.evaluations().start(lab.subject(), Lab.criteria(), HALF_HOUR);
        assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lab.evaluations().status(Lab.PROVIDER).orElseThrow().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aSecondEvaluationOfAProvider_isRefused_whileTheFirstIsNotOver() throws Exception {
        startHeld();
        assertThatExceptionOfType(EvaluationBusy.class)
                .isThrownBy(() -> lab.evaluations().start(lab.subject(), Lab.criteria(), HALF_HOUR))
                .satisfies(busy -> assertThat(busy.status().evaluation()).isEqualTo("north/0001"));
        lab.reopen();
        assertThatExceptionOfType(EvaluationBusy.class)
                .as("also when it is stopped")
                .isThrownBy(() -> lab.evaluations().start(lab.subject(), Lab.criteria(), HALF_HOUR));
    }

    @Test
    void anotherProvider_isEvaluatedAtTheSameTime() throws Exception {
        startHeld();
        lab.through(store -> store);
        Subject north = lab.subject();
        Subject south = new Subject("south", "South", "no-2", north.store(), lab.wire.grants("south"));
        lab.evaluations().start(south, Lab.criteria(), Duration.ofMinutes(2));
        assertThat(lab.evaluations().await("south", Duration.ofMinutes(1))).isTrue();
        assertThat(lab.evaluations().status("south").orElseThrow().state().isOver()).isTrue();
        assertThat(lab.evaluations().list()).hasSize(2);
    }

    @Test
    void aServiceThatStops_leavesAnEvaluationThatGoesOn_withItsOwnCriteria() throws Exception {
        startHeld();
        lab.reopen();
        assertThat(lab.evaluations().unfinished()).hasSize(1);
        assertThat(lab.evaluations().unfinished().getFirst().measured()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(2));
        assertThat(lab.ended).isEmpty();
        // A week passes in which nothing is measured.
        lab.time.sleep(Duration.ofDays(7));
        lab.through(store -> store);
        lab.evaluations().resume(lab.subject());
        EvaluationStatus status = lab.await();
        assertThat(lab.failures()).isEmpty();
        assertThat(status.state()).isEqualTo(State.PASSED);
        assertThat(status.measured()).isEqualTo(HALF_HOUR);
        assertThat(lab.finding("outage.longest").figure()).isEqualTo(0L);
        assertThat(lab.objects()).isEmpty();
    }

    @Test
    void aCancelledEvaluation_removesWhatItWrote_andMakesNoReport() throws Exception {
        startHeld();
        assertThat(lab.objects()).isNotEmpty();
        lab.through(store -> store);
        // The subject of the running evaluation still holds each call, but for the interrupt; so it is stopped first.
        lab.reopen();
        assertThat(lab.evaluations().cancel(lab.subject())).isTrue();
        EvaluationStatus status = lab.await();
        assertThat(status.state()).isEqualTo(State.CANCELLED);
        assertThat(lab.objects()).isEmpty();
        assertThat(lab.evaluations().report(Lab.PROVIDER)).isEmpty();
        assertThat(lab.ended).extracting(EvaluationStatus::state).containsExactly(State.CANCELLED);
        assertThat(lab.evaluations().cancel(lab.subject())).isFalse();
        assertThat(lab.run(HALF_HOUR).state()).isEqualTo(State.PASSED);
    }

    @Test
    void aRunningEvaluation_isCancelled_atOnce() throws Exception {
        var hold = new AtomicBoolean(true);
        lab.through(store -> HookedStore.before(store, _ -> {
            if (hold.get() && lab.time.nanos() > Duration.ofMinutes(1).toNanos()) {
                held.countDown();
                try {
                    Thread.sleep(Duration.ofMinutes(5));
                } catch (InterruptedException e) {
                    hold.set(false);
                    Thread.currentThread().interrupt();
                    throw new StoreUnavailable("interrupted", e);
                }
            }
        }));
        lab.evaluations().start(lab.subject(), Lab.criteria(), HALF_HOUR);
        assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lab.evaluations().cancel(lab.subject())).isTrue();
        assertThat(lab.await().state()).isEqualTo(State.CANCELLED);
        assertThat(lab.objects()).isEmpty();
        var measured = new Measurements();
        Journal.replay(lab.evaluations().status(Lab.PROVIDER).orElseThrow().folder().resolve("state.jsonl"), measured::add);
        assertThat(measured.failed()).as("the interrupted call says nothing").isZero();
    }

    @Test
    void aCancellationThatIsInterrupted_goesOnAsOne() throws Exception {
        lab.faulty.on(FaultyStore.Operation.DELETE, FaultyStore.ALWAYS, Fault.unavailable());
        startHeld();
        lab.reopen();
        lab.through(store -> HookedStore.before(store, operation -> {
            if (operation == Operation.DELETE) {
                lab.faulty.heal();
                throw new Error("killed");
            }
        }));
        Thread.setDefaultUncaughtExceptionHandler((_, _) -> {});
        lab.evaluations().cancel(lab.subject());
        lab.await();
        Thread.setDefaultUncaughtExceptionHandler(null);
        lab.through(store -> store).reopen();
        lab.evaluations().resume(lab.subject());
        assertThat(lab.await().state()).isEqualTo(State.CANCELLED);
        assertThat(lab.objects()).isEmpty();
    }

    @Test
    void whatDoesNotRun_isNotResumed() throws Exception {
        assertThatIOException().isThrownBy(() -> lab.evaluations().resume(lab.subject()));
        lab.run(Duration.ofMinutes(1));
        assertThatIOException().isThrownBy(() -> lab.evaluations().resume(lab.subject()));
        assertThat(lab.evaluations().unfinished()).isEmpty();
    }

    @Test
    void theFolder_belongsToOne() throws Exception {
        assertThatIOException().isThrownBy(() -> Evaluations.open(folder.resolve("evaluations"), lab.key(), (_, _) -> {}));
        lab.reopen();
    }

    @Test
    void anEndThatNobodyHeardOf_isToldAtTheNextOpening() throws Exception {
        EvaluationStatus status = lab.run(Duration.ofMinutes(10));
        Hash before = lab.report().sha256();
        for (String file : List.of("told", Report.JSON, Report.HTML, Report.SIGNATURES)) {
            Files.delete(status.folder().resolve(file));
        }
        lab.reopen();
        assertThat(lab.ended).hasSize(2);
        assertThat(lab.reports.getLast().sha256()).isEqualTo(before);
        lab.reopen();
        assertThat(lab.ended).hasSize(2);
    }

    @Test
    void aStateFileThatCannotBeWritten_stopsTheEvaluation_andLosesNothing() throws Exception {
        lab.logging((file, each) -> {
            StateLog log = Lab.unforced(file, each);
            return new StateLog() {
                private int lines;

                @Override
                public void append(Measurement measurement) throws IOException {
                    if (++lines == 300) {
                        throw new IOException("no space left on device");
                    }
                    log.append(measurement);
                }

                @Override
                public void force() {
                    // Not what is tested.
                }

                @Override
                public void close() throws IOException {
                    log.close();
                }
            };
        });
        EvaluationStatus status = lab.run(HALF_HOUR);
        assertThat(status.state()).isEqualTo(State.STOPPED);
        assertThat(status.note()).contains("cannot be written");
        lab.logging(Lab::unforced).evaluations().resume(lab.subject());
        assertThat(lab.await().state()).isEqualTo(State.PASSED);
        assertThat(lab.objects()).isEmpty();
    }

    @Test
    void aDamagedStateFile_isRefused_andKeepsNothingElseFromRunning() throws Exception {
        EvaluationStatus status = lab.run(Duration.ofMinutes(1));
        Path state = status.folder().resolve("state.jsonl");
        Files.writeString(state, Files.readString(state).replaceFirst("\"kind\":\"round\"", "\"kind\":\"???\""));
        lab.reopen();
        assertThat(lab.evaluations().list()).isEmpty();
        assertThat(lab.run(HALF_HOUR).evaluation()).isEqualTo("north/0002");
        assertThat(lab.report().passed()).isTrue();
    }

    @Test
    void aListenerThatFails_hearsAgainAtTheNextOpening() throws Exception {
        lab.deaf = true;
        assertThat(lab.run(HALF_HOUR).state()).isEqualTo(State.PASSED);
        assertThat(lab.ended).isEmpty();
        lab.reopen();
        assertThat(lab.ended).isEmpty();
        assertThat(lab.evaluations().status(Lab.PROVIDER).orElseThrow().state()).isEqualTo(State.PASSED);
        lab.deaf = false;
        lab.reopen();
        assertThat(lab.ended).hasSize(1);
    }
}
