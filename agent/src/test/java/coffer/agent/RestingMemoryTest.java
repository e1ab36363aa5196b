package coffer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RestingMemoryTest {

    private final AtomicInteger collected = new AtomicInteger();
    private final RestingMemory memory = new RestingMemory(collected::incrementAndGet);

    private void look(long usedMs) {
        memory.look(Duration.ofMillis(usedMs));
    }

    @Test
    void afterWork_itCollectsOnce_whenItHasRestedForSomeLooks() {
        look(5_000);
        look(9_000);
        look(9_010);
        look(9_020);
        assertThat(collected).hasValue(0);
        look(9_030);
        assertThat(collected).hasValue(1);
        for (int i = 1; i < 100; i++) {
            look(9_030 + i * 10L);
        }
        assertThat(collected).hasValue(1);
    }

    @Test
    void whileItWorks_itDoesNotCollect() {
        for (int i = 1; i < 100; i++) {
            look(i * 1_000L);
        }
        assertThat(collected).hasValue(0);
    }

    @Test
    void moreWork_isFollowedByAnotherCollection() {
        for (long used : new long[] {5_000, 5_000, 5_000, 5_000, 9_000, 9_000, 9_000, 9_000}) {
            look(used);
        }
        assertThat(collected).hasValue(2);
    }
}
