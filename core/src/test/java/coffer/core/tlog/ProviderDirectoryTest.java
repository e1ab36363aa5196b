package coffer.core.tlog;

import static coffer.core.tlog.StatementSamples.REPORT;
import static coffer.core.tlog.StatementSamples.provider;
import static coffer.core.tlog.StatementSamples.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.tlog.ProviderDirectory.IllegalStatementException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProviderDirectoryTest {

    private static ProviderDirectory of(Statement... statements) throws IllegalStatementException {
        ProviderDirectory directory = ProviderDirectory.EMPTY;
        for (Statement statement : statements) {
            directory = directory.with(statement);
        }
        return directory;
    }

    private static ProviderDirectory begun() throws IllegalStatementException {
        return of(
                new Statement.RegionAdded(1, "de", "Germany", "Germany"),
                new Statement.RegionAdded(1, "fr", "France", "France"),
                provider("one", "de", "https://one.example"));
    }

    private static void refused(ProviderDirectory directory, Statement statement) {
        assertThatThrownBy(() -> directory.with(statement)).isInstanceOf(IllegalStatementException.class);
    }

    @Test
    void samples_mayStandInTheirOrder() throws IllegalStatementException {
        ProviderDirectory directory = of(StatementSamples.all().values().toArray(new Statement[0]));
        ProviderDirectory.Provider provider = directory.provider("de-one").orElseThrow();
        assertThat(provider.state()).isEqualTo(ProviderState.ACTIVE);
        assertThat(provider.share()).isEqualTo(10);
        assertThat(provider.passed()).isTrue();
        assertThat(provider.stated().origins()).containsExactly("https://one.example", "https://two.example:9000");
        assertThat(directory.region("de").orElseThrow().copies()).contains(2);
    }

    @Test
    void aProvider_neverChangesItsRegion() throws IllegalStatementException {
        refused(begun(), provider("one", "fr", "https://one.example"));
        assertThat(begun().with(provider("one", "de", "https://other.example")).provider("one").orElseThrow().stated().origins())
                .isEqualTo(List.of("https://other.example"));
    }

    @Test
    void regionsAndProviders_areStatedBeforeTheyAreNamed() throws IllegalStatementException {
        refused(begun(), new Statement.RegionAdded(2, "de", "Other", "Other"));
        refused(begun(), provider("two", "it", "https://two.example"));
        refused(begun(), state("two", ProviderState.EVALUATING, 0, Optional.empty()));
        refused(begun(), new Statement.EvaluationReported(2, "two", REPORT, true));
        refused(begun(), new Statement.PlacementStated(2, "it", 1));
    }

    @Test
    void aProvider_qualifiesOnlyByTheEvaluationThatItPassed() throws IllegalStatementException {
        Statement qualified = state("one", ProviderState.QUALIFIED, 0, Optional.of(REPORT));
        ProviderDirectory evaluating = begun().with(state("one", ProviderState.EVALUATING, 0, Optional.empty()));
        refused(evaluating, qualified);
        refused(evaluating.with(new Statement.EvaluationReported(2, "one", REPORT, false)), qualified);
        ProviderDirectory passed = evaluating.with(new Statement.EvaluationReported(2, "one", REPORT, true));
        refused(passed, state("one", ProviderState.QUALIFIED, 0, Optional.empty()));
        refused(passed, state("one", ProviderState.QUALIFIED, 0, Optional.of(MerkleTree.EMPTY_ROOT)));
        assertThat(passed.with(qualified).provider("one").orElseThrow().state()).isEqualTo(ProviderState.QUALIFIED);
        ProviderDirectory again = passed.with(qualified).with(state("one", ProviderState.EVALUATING, 0, Optional.empty()));
        refused(again, qualified);
    }

    @Test
    void everyOtherWay_isRefused() throws IllegalStatementException {
        for (ProviderState from : ProviderState.values()) {
            for (ProviderState to : ProviderState.values()) {
                ProviderDirectory directory = in(from);
                Statement change = state(
                        "one", to, to == ProviderState.ACTIVE ? 500 : 0, to == ProviderState.QUALIFIED ? Optional.of(REPORT) : Optional.empty());
                if (from.successors().contains(to)) {
                    assertThat(directory.with(change).provider("one").orElseThrow().state()).isEqualTo(to);
                } else {
                    refused(directory, change);
                }
            }
        }
    }

    /// Provider "one" in that state, with an evaluation that it passed.
    private static ProviderDirectory in(ProviderState state) throws IllegalStatementException {
        Statement report = new Statement.EvaluationReported(2, "one", REPORT, true);
        ProviderDirectory active = begun().with(report).with(state("one", ProviderState.ACTIVE, 10, Optional.empty()));
        return switch (state) {
            case CANDIDATE -> begun().with(report);
            case EVALUATING -> begun().with(state("one", state, 0, Optional.empty())).with(report);
            case QUALIFIED -> in(ProviderState.EVALUATING).with(state("one", state, 0, Optional.of(REPORT)));
            case ACTIVE -> active;
            case DRAINING, SUSPENDED -> active.with(state("one", state, 0, Optional.empty()));
            case RETIRED -> in(ProviderState.DRAINING).with(state("one", state, 0, Optional.empty()));
        };
    }

    @Test
    void anActiveProvider_mayGetAnotherShareButNotTheSame() throws IllegalStatementException {
        ProviderDirectory active = in(ProviderState.ACTIVE);
        refused(active, state("one", ProviderState.ACTIVE, 10, Optional.empty()));
        assertThat(active.with(state("one", ProviderState.ACTIVE, 1_000, Optional.empty())).provider("one").orElseThrow().share())
                .isEqualTo(1_000);
    }

    @Test
    void onlyAnActiveProvider_takesPacks_andOneThatHasThemServesThem() throws IllegalStatementException {
        for (ProviderState state : ProviderState.values()) {
            ProviderDirectory directory = in(state);
            assertThat(directory.takes("de", "https://one.example")).isEqualTo(state == ProviderState.ACTIVE);
            assertThat(directory.serves("de", "https://one.example"))
                    .isEqualTo(List.of(ProviderState.ACTIVE, ProviderState.DRAINING, ProviderState.SUSPENDED).contains(state));
            assertThat(directory.serves("fr", "https://one.example")).isFalse();
            assertThat(directory.serves("de", "https://two.example")).isFalse();
        }
    }

    @Test
    void aRetiredProvider_staysRetired() throws IllegalStatementException {
        refused(in(ProviderState.RETIRED), provider("one", "de", "https://one.example"));
        refused(in(ProviderState.RETIRED), new Statement.EvaluationReported(2, "one", REPORT, true));
    }
}
