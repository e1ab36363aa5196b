package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShapedStoreTest {

    private static final Duration DELAY = Duration.ofMillis(50);

    private final FakeTicks ticks = new FakeTicks();
    private final ShapedStore store = new ShapedStore(new MemoryStore(), DELAY, 1_000_000, ticks);
    private final byte[] content = ObjectStoreContract.bytes(1, 2_000_000);
    private final ObjectName name = ObjectName.ofContent(content);

    private double secondsSince(long start) {
        return (ticks.nanos() - start) / 1e9;
    }

    @Test
    void eachDirection_takesDelayAndTheTimeForItsBytes() throws Exception {
        store.put(name, content);
        assertThat(secondsSince(0)).isEqualTo(2.05, within(0.01));
        long start = ticks.nanos();
        assertThat(store.read(name, content.length)).isEqualTo(content);
        assertThat(secondsSince(start)).isEqualTo(2.05, within(0.01));
        start = ticks.nanos();
        store.read(name, new ByteRange(0, 100_000));
        assertThat(secondsSince(start)).isEqualTo(0.15, within(0.01));
    }

    @Test
    void callsWithoutBytes_takeTheDelay() throws Exception {
        store.stat(name);
        store.list("", "", 1);
        store.delete(name);
        assertThat(ticks.slept()).containsExactly(DELAY, DELAY, DELAY);
    }

    @Test
    void transfersAtOnce_shareTheLink() {
        var link = new Link(1_000);
        assertThat(link.book(0, 500)).isEqualTo(500_000_000);
        assertThat(link.book(0, 500)).isEqualTo(1_000_000_000);
        assertThat(link.book(5_000_000_000L, 500)).isEqualTo(500_000_000);
    }
}
