package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coffer.store.FaultyStore.Operation;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {

    private final byte[] content = ObjectStoreContract.bytes(1, 1_000);
    private final ObjectName name = ObjectName.ofContent(content);
    private final byte[] otherContent = ObjectStoreContract.bytes(2, 1_000);
    private final ObjectName other = ObjectName.ofContent(otherContent);
    private final MemoryStore inner = new MemoryStore();
    private final FakeTicks ticks = new FakeTicks();
    private final FaultyStore store = new FaultyStore(inner, ticks);

    @BeforeEach
    void fill() throws Exception {
        inner.put(name, content);
        inner.put(other, otherContent);
    }

    @Test
    void fail_failsAsOftenAsTold_andNotMore() throws Exception {
        store.on(Operation.GET, 2, Fault.unavailable());
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.read(name, 1_000));
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.read(name, 1_000));
        assertThat(store.read(name, 1_000)).isEqualTo(content);
        assertThat(store.applied()).isEqualTo(2);
    }

    @Test
    void fail_concernsOnlyItsOperationsAndNames() throws Exception {
        store.on(EnumSet.of(Operation.GET, Operation.STAT), name::equals, FaultyStore.ALWAYS, Fault.missing());
        assertThatExceptionOfType(ObjectMissing.class).isThrownBy(() -> store.read(name, 1_000));
        assertThatExceptionOfType(ObjectMissing.class).isThrownBy(() -> store.stat(name));
        assertThat(store.read(other, 1_000)).isEqualTo(otherContent);
        assertThat(store.read(name, new ByteRange(0, 1))).hasSize(1);
        store.heal();
        assertThat(store.read(name, 1_000)).isEqualTo(content);
    }

    @Test
    void full_refusesPuts_andStoresNothing() throws Exception {
        byte[] fresh = ObjectStoreContract.bytes(3, 10);
        store.on(Operation.PUT, FaultyStore.ALWAYS, Fault.full());
        assertThatExceptionOfType(StoreFull.class).isThrownBy(() -> store.put(ObjectName.ofContent(fresh), fresh));
        assertThat(inner.stat(ObjectName.ofContent(fresh))).isEmpty();
    }

    @Test
    void drop_saysYesToAPut_andStoresNothing() throws Exception {
        byte[] fresh = ObjectStoreContract.bytes(3, 10);
        store.on(Operation.PUT, 1, new Fault.Drop());
        store.put(ObjectName.ofContent(fresh), fresh);
        assertThat(store.stat(ObjectName.ofContent(fresh))).isEmpty();
    }

    @Test
    void drop_saysYesToADelete_andKeepsTheObject() throws Exception {
        store.on(Operation.DELETE, 1, new Fault.Drop());
        store.delete(name);
        assertThat(store.stat(name)).isPresent();
    }

    @Test
    void failAfter_doesTheWork_andLosesTheAnswer() throws Exception {
        byte[] fresh = ObjectStoreContract.bytes(3, 10);
        store.on(Operation.PUT, 1, new Fault.FailAfter(() -> new StoreUnavailable("lost")));
        assertThatExceptionOfType(StoreUnavailable.class)
                .isThrownBy(() -> store.put(ObjectName.ofContent(fresh), fresh));
        assertThat(store.stat(ObjectName.ofContent(fresh))).isPresent();
    }

    @Test
    void flip_altersOneByteOfAWhole_andSaysNothing() throws Exception {
        store.on(Operation.GET, 1, new Fault.Flip(500));
        byte[] expected = content.clone();
        expected[500] ^= 1;
        assertThat(store.read(name, 1_000)).isEqualTo(expected);
    }

    @Test
    void flip_altersTheSameByteOfARange() throws Exception {
        store.on(Operation.GET_RANGE, 1, new Fault.Flip(500));
        byte[] expected = {content[499], (byte) (content[500] ^ 1), content[501]};
        assertThat(store.read(name, new ByteRange(499, 3))).isEqualTo(expected);
    }

    @Test
    void cut_endsEarly_andSaysNothing() throws Exception {
        store.on(EnumSet.of(Operation.GET, Operation.GET_RANGE), _ -> true, 2, new Fault.Cut(7));
        assertThat(store.read(name, 1_000)).hasSize(7);
        assertThat(store.read(name, new ByteRange(0, 100))).hasSize(7);
    }

    @Test
    void swap_givesAnotherObject() throws Exception {
        store.on(EnumSet.of(Operation.GET, Operation.GET_RANGE), _ -> true, 2, new Fault.Swap(other));
        assertThat(store.read(name, 1_000)).isEqualTo(otherContent);
        assertThat(store.read(name, new ByteRange(3, 1))).containsExactly(otherContent[3]);
    }

    @Test
    void claim_saysThatAnObjectIsThere() throws Exception {
        ObjectName absent = ObjectName.ofContent(new byte[3]);
        store.on(Operation.STAT, 1, new Fault.Claim(3));
        assertThat(store.stat(absent)).contains(new ObjectInfo(absent, 3));
        assertThat(store.stat(absent)).isEmpty();
    }

    @Test
    void delay_passesTime_andThenWorks() throws Exception {
        store.on(Operation.LIST, 1, new Fault.Delay(Duration.ofSeconds(9)));
        assertThat(store.list("", "", 10)).hasSize(2);
        assertThat(ticks.slept()).containsExactly(Duration.ofSeconds(9));
    }
}
