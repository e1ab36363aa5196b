package coffer.service.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import coffer.service.evaluation.EvaluationStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationsTest {

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

    @Test
    void aSoundProvider_passes_andNothingIsLeftBehind() throws Exception {
        EvaluationStatus status = lab.run(Duration.ofMinutes(30));
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
}
