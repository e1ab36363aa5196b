package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.CofferException;
import coffer.core.ErrorCode;
import coffer.core.Hash;
import coffer.core.PackId;
import coffer.core.log.PackRef;
import coffer.seal.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackCacheTest {

    private static final int BLOCK = 256 << 10;

    /// Packs in memory that note what is read of them.
    private static final class Packs implements PackTransfer {
        final List<String> reads = Collections.synchronizedList(new ArrayList<>());
        final byte[] bytes;
        int failures;
        int answers;

        Packs(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(PackRef pack, int offset, int length, byte[] into, int intoOffset, int copy) throws CofferException {
            reads.add(offset / BLOCK + "+" + (length + BLOCK - 1) / BLOCK + " of " + copy);
            if (failures > 0) {
                failures--;
                throw new CofferException(ErrorCode.UNAVAILABLE, "away");
            }
            System.arraycopy(bytes, offset, into, intoOffset, length);
            return Math.max(copy, answers);
        }

        @Override
        public void upload(PackId id, Slice pack) {}

        @Override
        public Set<PackId> stored(List<PackRef> packs) {
            return Set.of();
        }

        @Override
        public void announce(List<PackId> packs) {}

        @Override
        public int copies(PackRef pack) {
            return 2;
        }
    }

    private final AtomicLong now = new AtomicLong();
    private final byte[] bytes = Workbench.random(20 * BLOCK + 1_000, 1);
    private final PackRef pack = new PackRef(PackId.of(Hash.of(bytes).toArray()), bytes.length);
    private final Packs packs = new Packs(bytes);
    private final PackCache cache = new PackCache(packs, now::get);

    private void readsRight(int offset, int length, int copy) throws CofferException {
        byte[] into = new byte[length + 20];
        cache.read(pack, offset, length, into, 10, copy);
        assertThat(Arrays.copyOfRange(into, 10, 10 + length)).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Test
    void piecesSideBySide_areFetchedInLongerAndLongerRuns() throws CofferException {
        for (int offset = 0; offset < bytes.length; offset += 50_000) {
            readsRight(offset, Math.min(50_000, bytes.length - offset), 0);
        }
        assertThat(packs.reads).containsExactly("0+1 of 0", "1+2 of 0", "3+4 of 0", "7+8 of 0", "15+6 of 0");
    }

    @Test
    void piecesHereAndThere_areFetchedAlone() throws CofferException {
        for (int block : new int[] {10, 2, 15, 4}) {
            readsRight(block * BLOCK + 5, 1_000, 0);
        }
        assertThat(packs.reads).containsExactly("10+1 of 0", "2+1 of 0", "15+1 of 0", "4+1 of 0");
    }

    @Test
    void manyThreads_fetchNothingTwice() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 8; t++) {
            Random random = new Random(t);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        readsRight(random.nextInt(bytes.length - 3_000), 3_000, 0);
                    }
                } catch (CofferException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(packs.reads.stream().flatMap(PackCacheTest::blocks)).doesNotHaveDuplicates().hasSizeGreaterThan(15);
    }

    private static Stream<Integer> blocks(String read) {
        int first = Integer.parseInt(read.substring(0, read.indexOf('+')));
        int count = Integer.parseInt(read.substring(read.indexOf('+') + 1, read.indexOf(' ')));
        return IntStream.range(first, first + count).boxed();
    }

    @Test
    void failure_isNotKept() throws CofferException {
        packs.failures = 1;
        assertThatThrownBy(() -> readsRight(0, 1_000, 0)).isInstanceOf(CofferException.class);
        readsRight(0, 1_000, 0);
        assertThat(packs.reads).hasSize(2);
    }

    @Test
    void longPieces_andOtherCopies_goPastIt() throws CofferException {
        readsRight(0, 5 * BLOCK, 0);
        readsRight(0, 1_000, 1);
        assertThat(packs.reads).containsExactly("0+5 of 0", "0+1 of 1");
        assertThat(cache.heldBytes()).isZero();
    }

    @Test
    void whichCopyAnswered_isSaidAlsoOfWhatIsHeld() throws CofferException {
        packs.answers = 1;
        byte[] into = new byte[10];
        assertThat(cache.read(pack, 0, 10, into, 0, 0)).isEqualTo(1);
        assertThat(cache.read(pack, 20, 10, into, 0, 0)).isEqualTo(1);
        assertThat(packs.reads).hasSize(1);
    }

    @Test
    void whatIsOld_isFetchedAgain() throws CofferException {
        readsRight(0, 1_000, 0);
        now.addAndGet(16_000_000_000L);
        readsRight(0, 1_000, 0);
        assertThat(packs.reads).hasSize(2);
    }

    @Test
    void manyPacks_holdNoMoreThanTheLimit() throws CofferException {
        for (int i = 0; i < 200; i++) {
            byte[] into = new byte[10];
            byte[] id = new byte[PackId.SIZE];
            id[0] = (byte) i;
            cache.read(new PackRef(PackId.of(id), bytes.length), 0, 10, into, 0, 0);
            assertThat(cache.heldBytes()).isLessThanOrEqualTo(PackCache.BYTES_MAX);
        }
    }
}
