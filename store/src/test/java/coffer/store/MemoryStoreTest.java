package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class MemoryStoreTest extends ObjectStoreContract {

    @Override
    protected ObjectStore openEmpty() {
        return new MemoryStore();
    }

    @Test
    void put_beyondTheCapacity_isFull_andLeavesRoomForSmallerOnes() throws Exception {
        var small = new MemoryStore(100);
        byte[] first = bytes(1, 60);
        byte[] second = bytes(2, 41);
        byte[] third = bytes(3, 40);
        small.put(ObjectName.ofContent(first), first);
        assertThatExceptionOfType(StoreFull.class)
                .isThrownBy(() -> small.put(ObjectName.ofContent(second), second));
        assertThat(small.stat(ObjectName.ofContent(second))).isEmpty();
        small.put(ObjectName.ofContent(third), third);
        small.delete(ObjectName.ofContent(first));
        small.put(ObjectName.ofContent(second), second);
    }

    @Test
    void get_ofADamagedObject_isCorrupt_andAPutHealsIt() throws Exception {
        var store = new MemoryStore();
        byte[] content = bytes(4, 1_000);
        ObjectName name = ObjectName.ofContent(content);
        store.put(name, content);
        store.damage(name, 500);
        assertThatExceptionOfType(StoreCorrupt.class).isThrownBy(() -> store.read(name, 1_000));
        store.put(name, content);
        assertThat(store.read(name, 1_000)).isEqualTo(content);
    }

    @Test
    void everyCall_afterClose_isUnavailable() {
        var store = new MemoryStore();
        store.close();
        ObjectName name = ObjectName.ofContent(new byte[0]);
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.stat(name));
        assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> store.put(name, new byte[0]));
    }
}
