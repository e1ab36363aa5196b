package coffer.service;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.core.tlog.EntryBundle;
import coffer.core.tlog.ProviderDirectory;
import coffer.core.tlog.ProviderState;
import coffer.core.tlog.Statement;
import coffer.core.tlog.TileId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two operators decide about one provider at once: what both say stands in the transparency log in some order that is legal, and who
/// came too late is told so.
class TwoOperatorsTest extends ServiceHarness {

    private static final int ROUNDS = 60;

    @BeforeEach
    void addOne() throws Exception {
        service.care()
                .registry()
                .addProvider(
                        "near",
                        Map.of("region", REGION, "owner", "Near hf.", "path", data.resolve("elsewhere").toString()));
    }

    private interface Decision {
        void take() throws Problem, StorageException;
    }

    /// Lets all decide at the same moment; what each was told, empty where it was done.
    private List<Optional<Problem>> decide(List<Decision> decisions) throws Exception {
        CyclicBarrier together = new CyclicBarrier(decisions.size());
        List<Callable<Optional<Problem>>> operators = new ArrayList<>();
        for (Decision decision : decisions) {
            operators.add(() -> {
                together.await();
                try {
                    decision.take();
                    return Optional.empty();
                } catch (Problem e) {
                    return Optional.of(e);
                }
            });
        }
        List<Optional<Problem>> told = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Optional<Problem>> one : threads.invokeAll(operators)) {
                told.add(one.get());
            }
        }
        return told;
    }

    private ProviderState state() {
        return Objects.requireNonNull(service.care().registry().directory().providers().get("near")).state();
    }

    private Decision admit(int share) {
        return () -> service.care().registry().admit("near", share, "one says", true);
    }

    private Decision suspend() {
        return () -> service.care().registry().suspend("near", "one says");
    }

    private Decision drain() {
        return () -> service.care().registry().drain("near", "one says");
    }

    private Decision retire() {
        return () -> service.care().registry().retire("near", "one says", false);
    }

    private static boolean isLegal(ProviderState from, ProviderState to) {
        return from.successors().contains(to);
    }

    @Test
    void theSameDecisionTwice_isTakenOnce_andTheOtherIsToldWhy() throws Exception {
        for (Decision decision : List.of(admit(100), drain(), suspend(), admit(1_000), drain(), retire())) {
            List<Optional<Problem>> told = decide(List.of(decision, decision));
            assertThat(told).as("one wins").filteredOn(Optional::isEmpty).hasSize(1);
            assertThat(told.stream().flatMap(Optional::stream)).singleElement().satisfies(problem -> {
                assertThat(problem.type()).isEqualTo(ProblemType.NOT_SO);
                assertThat(problem.getMessage()).contains("That may not be:");
            });
        }
        assertThat(state()).isEqualTo(ProviderState.RETIRED);
    }

    @Test
    void decisionsThatContradictEachOther_leaveALegalHistory_andNothingHalfDone() throws Exception {
        Random random = new Random(7);
        List<Decision> all = List.of(admit(10), admit(1_000), suspend(), drain());
        int done = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Optional<Problem>> told = decide(List.of(all.get(random.nextInt(all.size())), all.get(random.nextInt(all.size()))));
            done += (int) told.stream().filter(Optional::isEmpty).count();
            assertThat(told.stream().flatMap(Optional::stream)).allSatisfy(problem ->
                    assertThat(problem.type()).isEqualTo(ProblemType.NOT_SO));
        }
        List<ProviderState> history = history();
        assertThat(history).as("each that was done stands there, and nothing else").hasSize(done);
        ProviderState now = ProviderState.CANDIDATE;
        for (ProviderState next : history) {
            assertThat(isLegal(now, next)).as("%s to %s", now, next).isTrue();
            now = next;
        }
        ProviderState before = state();
        assertThat(now).isEqualTo(before);
        restart(Map.of());
        assertThat(state()).as("and after a restart").isEqualTo(before);
    }

    private List<ProviderState> history() throws Exception {
        List<ProviderState> states = new ArrayList<>();
        ProviderDirectory fold = ProviderDirectory.EMPTY;
        for (Statement statement : statements()) {
            fold = fold.with(statement);
            if (statement instanceof Statement.ProviderStateChanged change && change.provider().equals("near")) {
                states.add(change.state());
            }
        }
        return states;
    }

    /// What the transparency log serves; fewer than 256.
    private List<Statement> statements() throws Exception {
        long size = service.transparency().size();
        TileId tile = TileId.at(TileId.Kind.ENTRIES, 0, 0, size);
        TestClient.Answer answer = client.get(null, "/tlog/" + tile.path());
        for (int i = 0; i < 1_000 && answer.response().statusCode() != 200; i++) {
            Thread.sleep(10); // until its checkpoint is published
            answer = client.get(null, "/tlog/" + tile.path());
        }
        List<Statement> statements = new ArrayList<>();
        for (byte[] entry : EntryBundle.decode(answer.expect(200).body(), tile.width())) {
            statements.add(Statement.decode(entry));
        }
        return statements;
    }
}
