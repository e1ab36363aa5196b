package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.service.evaluation.EvaluationStatus.State;
import coffer.store.StoreException;
import coffer.store.StoreUnavailable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process dies at any point, with or without the machine; whoever goes on ends as if nothing had happened.
class KillTest {

    private static final Duration DURATION = Duration.ofSeconds(4);

    @TempDir
    Path folder = Path.of("");

    private int labs;

    /// The end of a process: nothing catches it.
    @SuppressWarnings("serial")
    private static final class Killed extends Error {
        Killed() {
            super("killed", null, false, false);
        }
    }

    /// Counts points and dies at one of them.
    private static final class Fuse {
        private final int dies;
        private final AtomicInteger points = new AtomicInteger();

        Fuse(int dies) {
            this.dies = dies;
        }

        void point() {
            if (points.incrementAndGet() == dies) {
                throw new Killed();
            }
        }
    }

    /// A state file whose process dies before or after a line, or in the middle of one; with the machine, all that was not forced
    /// is gone.
    private static StateLog.Opener dying(Fuse fuse, boolean machine) {
        return (file, each) -> new StateLog() {
            private final StateLog log = Lab.unforced(file, each);
            private long forced = file.toFile().length();

            @Override
            public void append(Measurement measurement) throws IOException {
                dyingWith(() -> {});
                log.append(measurement);
                dyingWith(() -> cut(file, file.toFile().length() - 7));
                dyingWith(() -> {});
            }

            @Override
            public void force() throws IOException {
                forced = file.toFile().length();
            }

            private void dyingWith(Cut cut) throws IOException {
                try {
                    fuse.point();
                } catch (Killed e) {
                    cut.run();
                    if (machine) {
                        cut(file, forced);
                    }
                    throw e;
                }
            }

            @Override
            public void close() throws IOException {
                log.close();
            }
        };
    }

    @FunctionalInterface
    private interface Cut {
        void run() throws IOException;
    }

    private static void cut(Path file, long length) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(Math.min(length, access.length()));
        }
    }

    private Lab lab() throws Exception {
        return new Lab(folder.resolve("lab-" + labs++));
    }

    /// @return how many points were passed; the fuse blew if that is no less than where it dies
    private int killedRun(Lab lab, Fuse fuse, StateLog.Opener logs) throws Exception {
        lab.through(store -> new HookedStore(store, _ -> fuse.point(), _ -> fuse.point(), found -> found));
        lab.logging(logs);
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> assertThat(e).isInstanceOf(Killed.class));
        try {
            lab.evaluations().start(lab.subject(), Lab.criteria("throughput-bytes", "1MiB", "concurrency", "1,2"), DURATION);
            lab.await();
        } catch (Killed e) {
            // At one of the first two lines, which the caller writes: there is no evaluation yet.
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        return fuse.points.get();
    }

    private void goOn(Lab lab) throws Exception {
        lab.through(store -> store).logging(Lab::unforced);
        if (lab.evaluations().status(Lab.PROVIDER).isEmpty()) {
            assertThat(lab.objects()).isEmpty();
            lab.run(DURATION);
        } else if (lab.evaluations().unfinished().size() == 1) {
            lab.evaluations().resume(lab.subject());
        }
        EvaluationStatus status = lab.await();
        assertThat(lab.failures()).isEmpty();
        assertThat(status.state()).isEqualTo(State.PASSED);
        assertThat(lab.objects()).isEmpty();
        assertThat(lab.reports).isNotEmpty();
        assertThat(Report.verify(status.folder(), lab.key().verifyKey())).isEmpty();
    }

    @Test
    void killedAtAnyPoint_theEvaluationGoesOn_passes_andLeavesNothingBehind() throws Exception {
        int points;
        try (Lab lab = lab()) {
            Fuse never = new Fuse(Integer.MAX_VALUE);
            points = killedRun(lab, never, dying(never, false));
            assertThat(lab.failures()).isEmpty();
        }
        assertThat(points).isGreaterThan(1_000);
        // Every point would take minutes; which ones are taken differs from run to run.
        long seed = Long.getLong("coffer.seed", new Random().nextLong());
        System.out.println("killedAtAnyPoint: -Dcoffer.seed=" + seed);
        Random random = new Random(seed);
        int steps = Integer.getInteger("coffer.kills", 60);
        for (int i = 0; i < steps; i++) {
            int at = steps >= points ? i % points + 1 : 1 + (int) ((i + random.nextDouble()) * points / steps);
            try (Lab lab = lab()) {
                Fuse fuse = new Fuse(at);
                killedRun(lab, fuse, dying(fuse, random.nextBoolean()));
                goOn(lab);
            } catch (AssertionError e) {
                throw new AssertionError("killed at point " + at + " of " + points, e);
            }
        }
    }

    @Test
    void killedAgainAndAgain_itStillEnds() throws Exception {
        try (Lab lab = lab()) {
            Fuse first = new Fuse(300);
            killedRun(lab, first, dying(first, true));
            for (int i = 0; i < 12; i++) {
                Fuse fuse = new Fuse(150 + 10 * i);
                lab.through(store -> HookedStore.before(store, _ -> fuse.point())).logging(Lab::unforced);
                if (lab.evaluations().unfinished().isEmpty()) {
                    break;
                }
                killQuietly(lab);
            }
            goOn(lab);
        }
    }

    private static void killQuietly(Lab lab) throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> assertThat(e).isInstanceOf(Killed.class));
        try {
            lab.evaluations().resume(lab.subject());
            lab.await();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void outagesAndKillsAtRandom_areNeverTakenForLosses() throws Exception {
        long seed = Long.getLong("coffer.seed", new Random().nextLong());
        System.out.println("outagesAndKillsAtRandom: -Dcoffer.seed=" + seed);
        Random random = new Random(seed);
        for (int run = 0; run < 10; run++) {
            try (Lab lab = lab()) {
                Fuse fuse = new Fuse(200 + random.nextInt(2_000));
                double away = random.nextDouble() * 0.3;
                Random answers = new Random(random.nextLong());
                HookedStore.Hook hook = _ -> {
                    fuse.point();
                    if (answers.nextDouble() < away) {
                        throw unavailable();
                    }
                };
                lab.through(store -> new HookedStore(store, hook, hook, found -> found)).logging(Lab::unforced);
                Thread.setDefaultUncaughtExceptionHandler((_, e) -> assertThat(e).isInstanceOf(Killed.class));
                lab.evaluations().start(lab.subject(), Lab.criteria("throughput-bytes", "1MiB"), Duration.ofMinutes(2));
                lab.await();
                lab.through(store -> store).logging(Lab::unforced);
                if (!lab.evaluations().unfinished().isEmpty()) {
                    lab.evaluations().resume(lab.subject());
                    lab.await();
                }
                assertThat(lab.finding("durability.lost").figure()).isEqualTo(0L);
                assertThat(lab.finding("durability.denied").figure()).isEqualTo(0L);
                assertThat(lab.finding("integrity.wrong-bytes").figure()).isEqualTo(0L);
                assertThat(lab.finding("listing.errors").figure()).isEqualTo(0L);
                assertThat(lab.objects()).isEmpty();
            } finally {
                Thread.setDefaultUncaughtExceptionHandler(null);
            }
        }
    }

    private static StoreException unavailable() {
        return new StoreUnavailable("injected");
    }
}
