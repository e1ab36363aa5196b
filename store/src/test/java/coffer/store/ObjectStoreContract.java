package coffer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [ObjectStore] does. Each test gets a store that is empty.
public abstract class ObjectStoreContract {

    private @Nullable ObjectStore opened;

    /// A new, empty store; the test closes it.
    protected abstract ObjectStore openEmpty() throws Exception;

    @BeforeEach
    final void openStore() throws Exception {
        opened = openEmpty();
    }

    @AfterEach
    final void closeStore() {
        if (opened != null) {
            opened.close();
        }
    }

    protected final ObjectStore store() {
        if (opened == null) {
            throw new IllegalStateException("no store is open");
        }
        return opened;
    }

    /// Bytes that any run makes the same.
    protected static byte[] bytes(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private ObjectName stored(byte[] content) throws StoreException {
        ObjectName name = ObjectName.ofContent(content);
        store().put(name, content);
        return name;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 16_383, 16_384, 16_385, 131_072, 1_048_579})
    void put_thenGet_givesTheSameBytes(int size) throws Exception {
        byte[] content = bytes(1, size);
        ObjectName name = stored(content);
        assertThat(store().read(name, size)).isEqualTo(content);
        assertThat(store().stat(name)).contains(new ObjectInfo(name, size));
        try (StoredStream in = store().get(name)) {
            assertThat(in.length()).isEqualTo(size);
            assertThat(in.objectSize()).isEqualTo(size);
        }
    }

    @Test
    void put_fromAStreamInSmallPieces_givesTheSameBytes() throws Exception {
        byte[] content = bytes(2, 300_001);
        ObjectName name = ObjectName.ofContent(content);
        store().put(name, content.length, () -> new InputStream() {
            private final InputStream source = new ByteArrayInputStream(content);

            @Override
            public int read() throws IOException {
                return source.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int count) throws IOException {
                return source.read(buffer, offset, Math.min(count, 777));
            }
        });
        assertThat(store().read(name, content.length)).isEqualTo(content);
    }

    @Test
    void put_ofAContentThatCanBeReadOnce_stores() throws Exception {
        byte[] content = bytes(3, 50_000);
        ObjectName name = ObjectName.ofContent(content);
        store().put(name, content.length, Content.once(new ByteArrayInputStream(content)));
        assertThat(store().read(name, content.length)).isEqualTo(content);
    }

    @Test
    void put_twice_isAsOnce() throws Exception {
        byte[] content = bytes(4, 1_000);
        ObjectName name = stored(content);
        stored(content);
        assertThat(store().read(name, 1_000)).isEqualTo(content);
        assertThat(store().list("", "", 10)).containsExactly(new ObjectInfo(name, 1_000));
    }

    @Test
    void put_closesItsContent() throws Exception {
        byte[] content = bytes(5, 100);
        var closed = new AtomicBoolean();
        store().put(ObjectName.ofContent(content), 100, () -> new FilterInputStream(new ByteArrayInputStream(content)) {
            @Override
            public void close() {
                closed.set(true);
            }
        });
        assertThat(closed).isTrue();
    }

    @Test
    void put_refusesOtherBytesThanTheNameSays_andStoresNothing() throws Exception {
        byte[] content = bytes(6, 40_000);
        ObjectName name = ObjectName.ofContent(content);
        byte[] other = content.clone();
        other[39_999] ^= 1;
        assertRefusedContent(name, other.length, other);
        assertNothingStored(name);
    }

    @Test
    void put_refusesFewerBytesThanAnnounced_andStoresNothing() throws Exception {
        byte[] content = bytes(7, 40_000);
        ObjectName name = ObjectName.ofContent(content);
        assertRefusedContent(name, 40_001, content);
        assertRefusedContent(name, 1, new byte[0]);
        assertNothingStored(name);
    }

    @Test
    void put_refusesMoreBytesThanAnnounced_andStoresNothing() throws Exception {
        byte[] content = bytes(8, 40_000);
        ObjectName name = ObjectName.ofContent(content);
        byte[] longer = Arrays.copyOf(content, 40_001);
        assertRefusedContent(name, 40_000, longer);
        assertRefusedContent(ObjectName.ofContent(new byte[0]), 0, new byte[1]);
        assertNothingStored(name);
    }

    @Test
    void put_refusesAnEmptyContentUnderAnotherName() throws Exception {
        ObjectName name = ObjectName.ofContent(bytes(9, 10));
        assertRefusedContent(name, 0, new byte[0]);
        assertNothingStored(name);
    }

    private void assertRefusedContent(ObjectName name, long size, byte[] content) {
        assertThatExceptionOfType(StoreRefused.class)
                .isThrownBy(() -> store().put(name, size, Content.of(content)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.CONTENT))
                .satisfies(e -> assertThat(e.mayRetry()).isFalse());
    }

    private void assertNothingStored(ObjectName name) throws StoreException {
        assertThat(store().stat(name)).isEmpty();
        assertThat(store().list("", "", 10)).isEmpty();
    }

    @Test
    void put_ofOtherBytesOverAnObject_leavesItAsItWas() throws Exception {
        byte[] content = bytes(10, 5_000);
        ObjectName name = stored(content);
        assertRefusedContent(name, 5_000, bytes(11, 5_000));
        assertThat(store().read(name, 5_000)).isEqualTo(content);
    }

    @Test
    void put_whoseContentFails_throwsThatFailure_andStoresNothing() throws Exception {
        byte[] content = bytes(12, 200_000);
        ObjectName name = ObjectName.ofContent(content);
        var broken = new IOException("the source broke");
        assertThatThrownBy(() -> store().put(name, content.length, () -> new InputStream() {
                    private final InputStream source = new ByteArrayInputStream(content, 0, 100_000);

                    @Override
                    public int read() throws IOException {
                        throw broken;
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int count) throws IOException {
                        int read = source.read(buffer, offset, count);
                        if (read < 0) {
                            throw broken;
                        }
                        return read;
                    }
                }))
                .isSameAs(broken);
        assertNothingStored(name);
    }

    @Test
    void put_showsNothingBeforeItsEnd() throws Exception {
        byte[] content = bytes(13, 400_000);
        ObjectName name = ObjectName.ofContent(content);
        var seen = new ArrayList<Optional<ObjectInfo>>();
        store().put(name, content.length, Content.once(new FilterInputStream(new ByteArrayInputStream(content)) {
            @Override
            public int read(byte[] buffer, int offset, int count) throws IOException {
                if (in.available() < 200_000 && seen.isEmpty()) {
                    seen.add(store().stat(name));
                }
                return super.read(buffer, offset, count);
            }
        }));
        assertThat(seen).containsExactly(Optional.empty());
        assertThat(store().stat(name)).isPresent();
    }

    @Test
    void get_ofNothing_isMissing() {
        ObjectName name = ObjectName.ofContent(bytes(14, 10));
        assertThatExceptionOfType(ObjectMissing.class).isThrownBy(() -> store().get(name).close());
        assertThatExceptionOfType(ObjectMissing.class)
                .isThrownBy(() -> store().get(name, new ByteRange(0, 1)).close());
    }

    @Test
    void get_ofARange_givesThoseBytes() throws Exception {
        byte[] content = bytes(15, 100_000);
        ObjectName name = stored(content);
        for (var range : List.of(
                new ByteRange(0, 1),
                new ByteRange(0, 100_000),
                new ByteRange(99_999, 1),
                new ByteRange(12_345, 54_321))) {
            byte[] expected = Arrays.copyOfRange(content, (int) range.offset(), (int) range.end());
            assertThat(store().read(name, range)).isEqualTo(expected);
        }
        try (StoredStream in = store().get(name, new ByteRange(5, 10))) {
            assertThat(in.length()).isEqualTo(10);
            assertThat(in.objectSize()).isEqualTo(100_000);
        }
    }

    @Test
    void get_ofARangeOutsideTheObject_isRefused() throws Exception {
        ObjectName name = stored(bytes(16, 1_000));
        ObjectName empty = stored(new byte[0]);
        assertRefusedRange(name, new ByteRange(0, 1_001));
        assertRefusedRange(name, new ByteRange(999, 2));
        assertRefusedRange(name, new ByteRange(1_000, 1));
        assertRefusedRange(name, new ByteRange(5_000_000_000L, 7));
        assertRefusedRange(empty, new ByteRange(0, 1));
    }

    private void assertRefusedRange(ObjectName name, ByteRange range) {
        assertThatExceptionOfType(StoreRefused.class)
                .isThrownBy(() -> store().get(name, range).close())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreRefused.Reason.RANGE));
    }

    @Test
    void read_refusesAnObjectThatIsTooLarge() throws Exception {
        ObjectName name = stored(bytes(17, 1_000));
        assertThatExceptionOfType(StoreRefused.class).isThrownBy(() -> store().read(name, 999));
    }

    @Test
    void get_canBeClosedEarlyAndTwice() throws Exception {
        byte[] content = bytes(18, 3_000_000);
        ObjectName name = stored(content);
        // More often than a store serves requests at once, so that each closing must have given something back.
        for (int i = 0; i < 70; i++) {
            StoredStream in = store().get(name);
            assertThat(in.read()).isEqualTo(content[0] & 0xff);
            in.close();
            in.close();
            assertThatThrownBy(in::readAll).isInstanceOf(StoreException.class);
        }
        assertThat(store().read(name, content.length)).isEqualTo(content);
    }

    @Test
    void stat_ofNothing_isEmpty() throws Exception {
        assertThat(store().stat(ObjectName.ofContent(bytes(19, 1)))).isEmpty();
    }

    @Test
    void delete_removesTheObject_andIsIdempotent() throws Exception {
        ObjectName name = stored(bytes(20, 10));
        ObjectName other = stored(bytes(21, 10));
        store().delete(name);
        store().delete(name);
        assertThat(store().stat(name)).isEmpty();
        assertThatExceptionOfType(ObjectMissing.class).isThrownBy(() -> store().get(name).close());
        assertThat(store().list("", "", 10)).containsExactly(new ObjectInfo(other, 10));
    }

    @Test
    void put_afterDelete_storesAgain() throws Exception {
        byte[] content = bytes(22, 10);
        ObjectName name = stored(content);
        store().delete(name);
        stored(content);
        assertThat(store().read(name, 10)).isEqualTo(content);
    }

    @Test
    void list_pagesThroughAllInOrder() throws Exception {
        var expected = new TreeMap<ObjectName, ObjectInfo>();
        for (int i = 0; i < 25; i++) {
            ObjectName name = stored(bytes(100 + i, i));
            expected.put(name, new ObjectInfo(name, i));
        }
        for (int limit : new int[] {1, 7, 25, 26, ObjectStore.LIST_MAX}) {
            assertThat(listAll("", limit)).as("limit %d", limit).containsExactlyElementsOf(expected.values());
        }
    }

    @Test
    void list_givesOnlyNamesWithThePrefix() throws Exception {
        var all = new ArrayList<ObjectName>();
        for (int i = 0; i < 40; i++) {
            all.add(stored(bytes(200 + i, 3)));
        }
        String name = all.getFirst().text();
        for (String prefix : List.of("", name.substring(0, 1), name.substring(0, 2), name.substring(0, 9), name)) {
            List<ObjectName> expected =
                    all.stream().filter(n -> n.text().startsWith(prefix)).sorted().toList();
            assertThat(listAll(prefix, 3)).extracting(ObjectInfo::name).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void list_beginsAfterAnyPosition() throws Exception {
        var all = new ArrayList<ObjectName>();
        for (int i = 0; i < 12; i++) {
            all.add(stored(bytes(300 + i, 3)));
        }
        for (String after : List.of("", "0", "8", "ff", "7f3", all.getFirst().text())) {
            List<ObjectName> expected =
                    all.stream().filter(n -> n.text().compareTo(after) > 0).sorted().toList();
            assertThat(store().list("", after, 100)).extracting(ObjectInfo::name).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void list_refusesArgumentsThatNoNameCanMatch() {
        assertThatIllegalArgumentException().isThrownBy(() -> store().list("../", "", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store().list("AB", "", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store().list("", "x", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store().list("", "", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store().list("", "", ObjectStore.LIST_MAX + 1));
    }

    private List<ObjectInfo> listAll(String prefix, int limit) throws StoreException {
        var found = new ArrayList<ObjectInfo>();
        List<ObjectInfo> page;
        do {
            page = store().list(prefix, found.isEmpty() ? "" : found.getLast().name().text(), limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page);
        } while (page.size() == limit);
        return found;
    }

    @Test
    void manyThreads_putTheSameAndOtherObjectsAtOnce() throws Exception {
        byte[] common = bytes(23, 200_000);
        ObjectName commonName = ObjectName.ofContent(common);
        int threads = 12;
        var start = new CountDownLatch(1);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<Future<ObjectName>>();
            for (int i = 0; i < threads; i++) {
                byte[] own = bytes(400 + i, 70_000 + i);
                done.add(executor.submit(() -> {
                    start.await();
                    store().put(commonName, common);
                    ObjectName name = stored(own);
                    assertThat(store().read(name, own.length)).isEqualTo(own);
                    assertThat(store().read(commonName, common.length)).isEqualTo(common);
                    return name;
                }));
            }
            start.countDown();
            for (Future<ObjectName> each : done) {
                assertThat(store().stat(each.get())).isPresent();
            }
        }
        assertThat(store().list("", "", 100)).hasSize(threads + 1);
    }

    @Test
    void anySequenceOfOperations_equalsAPlainMap() throws Exception {
        long seed = Long.getLong("coffer.seed", new Random().nextLong());
        System.out.println("anySequenceOfOperations_equalsAPlainMap: -Dcoffer.seed=" + seed);
        var random = new Random(seed);
        var model = new TreeMap<ObjectName, byte[]>();
        for (int i = 0; i < 150; i++) {
            byte[] content = bytes(random.nextInt(12), random.nextInt(3) * 1_000);
            ObjectName name = ObjectName.ofContent(content);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    store().put(name, content);
                    model.put(name, content);
                }
                case 2 -> {
                    store().delete(name);
                    model.remove(name);
                }
                case 3 -> assertThat(store().stat(name).isPresent()).isEqualTo(model.containsKey(name));
                default -> throw new AssertionError();
            }
        }
        assertThat(listAll("", 5)).extracting(ObjectInfo::name).containsExactlyElementsOf(model.keySet());
        for (var entry : model.entrySet()) {
            assertThat(store().read(entry.getKey(), 5_000)).isEqualTo(entry.getValue());
        }
    }
}
