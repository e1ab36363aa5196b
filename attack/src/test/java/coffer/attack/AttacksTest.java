package coffer.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every attack, each as a test of its own.
class AttacksTest {

    @TestFactory
    Stream<DynamicTest> attacks() {
        List<Attack> all = Attack.all();
        assertThat(all).isNotEmpty();
        return all.stream().map(attack -> DynamicTest.dynamicTest(attack.toString(), () -> {
            Rig.Verdict verdict = Rig.run(attack);
            assertThat(verdict.failures()).as("%s", verdict.acts()).isEmpty();
        }));
    }
}
