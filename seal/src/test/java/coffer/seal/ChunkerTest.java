package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkerTest {

    private static final int MIB = 1 << 20;

    private static Chunker chunker(long seed) {
        try (DedupKeys keys = DedupKeys.of(new FixedRandom(seed).secret())) {
            return keys.chunker();
        }
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static List<Integer> cuts(Chunker chunker, byte[] data) {
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < data.length; at += lengths.getLast()) {
            lengths.add(chunker.cut(data, at, data.length - at));
        }
        return lengths;
    }

    private static Set<Integer> contents(Chunker chunker, byte[] data) {
        Set<Integer> hashes = new HashSet<>();
        int at = 0;
        for (int length : cuts(chunker, data)) {
            hashes.add(Arrays.hashCode(Arrays.copyOfRange(data, at, at + length)));
            at += length;
        }
        return hashes;
    }

    @Test
    void cut_coversAllContentWithinItsBoundsAndMeansAboutOneMebibyte() {
        byte[] data = noise(64 * MIB);
        List<Integer> lengths = cuts(chunker(1), data);
        assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isEqualTo(data.length);
        assertThat(lengths.subList(0, lengths.size() - 1))
                .allMatch(length -> length > Chunker.CHUNK_SIZE_MIN && length <= Chunker.CHUNK_SIZE_MAX);
        assertThat(lengths.size()).isBetween(45, 75);
    }

    @Test
    void cut_keepsSmallContentWholeAndNeverExceedsTheMaximum() {
        Chunker chunker = chunker(1);
        assertThat(chunker.cut(new byte[0], 0, 0)).isZero();
        for (int size : new int[] {1, 1000, Chunker.CHUNK_SIZE_MIN}) {
            assertThat(chunker.cut(noise(size), 0, size)).isEqualTo(size);
        }
        byte[] zeros = new byte[9 * MIB];
        assertThat(chunker.cut(zeros, 0, zeros.length)).isLessThanOrEqualTo(Chunker.CHUNK_SIZE_MAX);
    }

    @Test
    void cut_dependsOnTheBytesOfTheChunkAlone() {
        Chunker chunker = chunker(1);
        byte[] data = noise(6 * MIB);
        int length = chunker.cut(data, 12_345, data.length - 12_345);
        byte[] elsewhere = Arrays.copyOfRange(data, 12_345, 12_345 + Chunker.CHUNK_SIZE_MAX);
        assertThat(chunker.cut(elsewhere, 0, elsewhere.length)).isEqualTo(length);
    }

    @Test
    void cut_afterAnInsertionFindsMostOfTheOldChunksAgain() {
        Chunker chunker = chunker(1);
        byte[] before = noise(32 * MIB);
        byte[] after = new byte[before.length + 10];
        System.arraycopy(before, 0, after, 0, 5 * MIB);
        System.arraycopy(before, 5 * MIB, after, 5 * MIB + 10, before.length - 5 * MIB);
        Set<Integer> old = contents(chunker, before);
        Set<Integer> shared = contents(chunker, after);
        shared.retainAll(old);
        assertThat(shared.size()).isGreaterThanOrEqualTo(old.size() - 4);
    }

    @Test
    void cut_differsFromVaultToVault() {
        byte[] data = noise(16 * MIB);
        assertThat(cuts(chunker(1), data)).isNotEqualTo(cuts(chunker(2), data));
        assertThat(cuts(chunker(1), data)).isEqualTo(cuts(chunker(1), data));
    }

    @Test
    void chunkStream_cutsAsTheWholeContentWouldBeHoweverItArrives() throws IOException {
        Chunker chunker = chunker(3);
        for (int size : new int[] {0, 1, Chunker.CHUNK_SIZE_MIN + 1, 8 * MIB, 8 * MIB + 1, 29 * MIB + 17}) {
            byte[] data = noise(size);
            InputStream trickle = new FilterInputStream(new ByteArrayInputStream(data)) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return super.read(target, offset, Math.min(length, 100_003));
                }
            };
            byte[] buffer = new byte[ChunkStream.BUFFER_SIZE];
            ChunkStream chunks = new ChunkStream(trickle, chunker, buffer);
            List<Integer> lengths = new ArrayList<>();
            int at = 0;
            for (int length = chunks.next(); length > 0; length = chunks.next()) {
                int from = chunks.offset();
                assertThat(Arrays.equals(buffer, from, from + length, data, at, at + length)).isTrue();
                lengths.add(length);
                at += length;
            }
            assertThat(lengths).isEqualTo(cuts(chunker, data));
            assertThat(chunks.next()).isZero();
        }
    }

    @Test
    void chunkStream_refusesABufferThatIsTooSmall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkStream(
                        InputStream.nullInputStream(), chunker(1), new byte[ChunkStream.BUFFER_SIZE - 1]));
    }
}
