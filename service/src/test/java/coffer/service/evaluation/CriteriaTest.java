package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CriteriaTest {

    private static List<String> problems(Map<String, String> values) {
        var problems = new ArrayList<String>();
        Criteria.read(values, problems::add);
        return problems;
    }

    @Test
    void values_makeTheSameCriteriaAgain() {
        Criteria other = Lab.criteria("availability", "99.99%", "put-p99", "PT0.25S", "concurrency", "1,3,9", "canaries", "3");
        for (Criteria criteria : List.of(Criteria.DEFAULT, other)) {
            assertThat(Criteria.read(criteria.values(), problem -> {
                        throw new AssertionError(problem);
                    }))
                    .isEqualTo(criteria);
        }
    }

    @Test
    void everyKey_isSaidToBeWrong_ifItsValueMakesNoSense() {
        for (String key : Criteria.DEFAULT.values().keySet()) {
            assertThat(problems(Map.of(key, "nonsense"))).as(key).isNotEmpty().allMatch(problem -> problem.startsWith(key));
            assertThat(problems(Map.of(key, "-1"))).as(key).isNotEmpty();
        }
    }

    @Test
    void everyWrongKey_isReported_atOnce() {
        Map<String, String> values = new HashMap<>();
        Criteria.DEFAULT.values().keySet().forEach(key -> values.put(key, ""));
        values.put("evaluation.canarys", "3");
        values.put("listen", "not ours");
        List<String> problems = problems(values);
        assertThat(values.keySet()).allMatch(
                key -> key.equals("listen") || problems.stream().anyMatch(problem -> problem.startsWith(key + ":")));
        assertThat(problems).noneMatch(problem -> problem.startsWith("listen"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4,2", "1,1", "0", "1,,2", "257"})
    void levelsThatDoNotRise_areRefused(String levels) {
        assertThat(problems(Map.of("evaluation.concurrency", levels))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100.0001%", "99.99999", "1e2", "101"})
    void percentagesOutOfRange_areRefused(String percent) {
        assertThat(problems(Map.of("evaluation.availability", percent))).hasSize(1);
    }

    @Test
    void rounds_areAHundredthOfThePeriod_withinLimits() {
        assertThat(Criteria.DEFAULT.roundEvery(Duration.ofSeconds(10))).isEqualTo(Duration.ofMillis(250));
        assertThat(Criteria.DEFAULT.roundEvery(Duration.ofMinutes(10))).isEqualTo(Duration.ofSeconds(6));
        assertThat(Criteria.DEFAULT.roundEvery(Duration.ofDays(400))).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void periods_areDurationsAndMonths() {
        Instant from = Instant.parse("2026-01-31T00:00:00Z");
        assertThat(IsoPeriod.parse("PT15M", from)).isEqualTo(Duration.ofMinutes(15));
        assertThat(IsoPeriod.parse("P15M", from)).isEqualTo(Duration.between(from, Instant.parse("2027-04-30T00:00:00Z")));
        assertThat(IsoPeriod.parse("P2D", from)).isEqualTo(Duration.ofDays(2));
        assertThat(IsoPeriod.parse("P1DT1H", from)).isEqualTo(Duration.ofHours(25));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15 months", "PT0S", "PT-5M", "P-1M", "P11Y", "PT0.5S", "P1M2", "P999999999Y"})
    void otherPeriods_areRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IsoPeriod.parse(text, Instant.EPOCH));
    }
}
