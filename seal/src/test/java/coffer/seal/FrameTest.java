package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameTest {

    private final FixedRandom random = new FixedRandom(50);

    private static byte[] frame(byte[] content) {
        byte[] out = new byte[Frame.sizeMax(content.length)];
        int size = Frame.write(Slice.of(content), out);
        return Arrays.copyOf(out, size);
    }

    private static byte[] read(byte[] frame, int sizeMax) throws OpenException {
        byte[] content = new byte[Frame.contentSize(Slice.of(frame), sizeMax)];
        Frame.read(Slice.of(frame), Slice.of(content));
        return content;
    }

    private static void refused(byte[] frame, int sizeMax) {
        assertThatThrownBy(() -> read(frame, sizeMax)).isInstanceOf(OpenException.class);
    }

    @Test
    void read_givesBackWhatWasWrittenAndSizesArePadme() throws OpenException {
        for (int size : new int[] {0, 1, 2, 100, 4_096, 65_536, 70_000, 1 << 20, 5 << 20}) {
            for (byte[] content : new byte[][] {random.bytes(size), random.textLike(size), new byte[size]}) {
                byte[] frame = frame(content);
                assertThat(Padme.paddedSize(frame.length)).isEqualTo(frame.length);
                assertThat(read(frame, size)).isEqualTo(content);
            }
        }
    }

    @Test
    void write_compressesTextAndLeavesNoiseAlone() {
        assertThat(frame(random.textLike(1 << 20)).length).isLessThan(650_000);
        assertThat(frame(random.bytes(1 << 20))[0]).isZero();
        assertThat(frame(random.textLike(1 << 20))[0]).isEqualTo((byte) 1);
    }

    /// Its start compresses, its middle does not: the probe must not be taken in by a header.
    @Test
    void write_isNotTakenInByACompressibleHeader() {
        byte[] picture = random.bytes(1 << 20);
        Arrays.fill(picture, 0, 20_000, (byte) 0);
        assertThat(frame(picture)[0]).isZero();
    }

    @Test
    void read_refusesWhatIsLongerThanItMayBe() {
        refused(frame(random.bytes(101)), 100);
        refused(frame(new byte[101]), 100);
    }

    @Test
    void read_refusesAFrameThatInflatesBeyondWhatItDeclares() {
        byte[] bomb = Zstd.compress(new byte[8 << 20], 1);
        for (int declared : new int[] {1_000, 4_000, 100_000}) {
            byte[] frame = Arrays.copyOf(
                    ByteBuffer.allocate(9 + bomb.length)
                            .put((byte) 1)
                            .putInt(declared)
                            .putInt(bomb.length)
                            .put(bomb)
                            .array(),
                    Padme.paddedSize(9 + bomb.length));
            refused(frame, 8 << 20);
        }
    }

    @Test
    void read_refusesAFrameThatInflatesToLessThanItDeclares() {
        byte[] frame = frame(new byte[1_000]);
        ByteBuffer.wrap(frame).putInt(1, 1_001);
        refused(frame, 2_000);
    }

    @Test
    void read_refusesEveryOtherFormOfTheHeader() {
        byte[] good = frame(random.bytes(100));
        int[][] changes = {{0, 2}, {0, 0x80}, {0, 1}, {1, 0x80}, {4, 101}, {4, 99}, {5, 0x80}, {8, 101}, {8, 99}};
        for (int[] change : changes) {
            byte[] altered = good.clone();
            altered[change[0]] = (byte) change[1];
            refused(altered, 1_000);
        }
        for (int size = 0; size < good.length; size++) {
            refused(Arrays.copyOf(good, size), 1_000);
        }
        refused(Arrays.copyOf(good, good.length + 1), 1_000);
        refused(Arrays.copyOf(good, Padme.paddedSize(good.length + 1)), 1_000);
    }

    @Test
    void read_refusesPaddingThatIsNotZero() {
        byte[] good = frame(random.bytes(1_000));
        assertThat(good.length).isGreaterThan(1_009);
        for (int i = 1_009; i < good.length; i++) {
            byte[] altered = good.clone();
            altered[i] = 1;
            refused(altered, 1_000);
        }
    }

    /// A compressed frame that saved nothing would be a second encoding of the same content.
    @Test
    void read_refusesCompressionThatDoesNotPay() {
        byte[] content = random.bytes(1_000);
        byte[] zstd = Zstd.compress(content, 1);
        byte[] frame = Arrays.copyOf(
                ByteBuffer.allocate(9 + zstd.length)
                        .put((byte) 1)
                        .putInt(1_000)
                        .putInt(zstd.length)
                        .put(zstd)
                        .array(),
                Padme.paddedSize(9 + zstd.length));
        refused(frame, 1_000);
    }
}
