package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.ErrorCode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealingTest {

    private static final byte[] HERE = {1, 2, 3};
    private final FixedRandom random = new FixedRandom(20);
    private final Secret key = random.secret();

    private byte[] seal(byte[] plaintext) {
        return Sealing.seal(key, Label.CHUNK, HERE, plaintext);
    }

    private void refused(byte[] sealed) {
        refused(key, Label.CHUNK, HERE, sealed);
    }

    private static void refused(Secret key, Label label, byte[] context, byte[] sealed) {
        assertThatThrownBy(() -> Sealing.open(key, label, context, sealed))
                .isInstanceOf(OpenException.class)
                .hasMessage("sealed bytes do not open")
                .hasNoCause();
    }

    @Test
    void open_givesBackWhatWasSealedAtEverySizeAroundASegment() throws OpenException {
        for (int size : new int[] {0, 1, 15, 16, 4095, 4096, 4097, 8192, 16_383, 16_384, 16_385, 32_768, 50_000, 1 << 20}) {
            byte[] plaintext = random.bytes(size);
            byte[] sealed = seal(plaintext);
            assertThat(sealed).hasSize(Sealing.sealedSize(size));
            assertThat(Sealing.plaintextSize(sealed.length)).isEqualTo(size);
            assertThat(Sealing.open(key, Label.CHUNK, HERE, sealed)).isEqualTo(plaintext);
        }
    }

    @Test
    void seal_neverRepeatsASalt() {
        assertThat(seal(HERE)).isNotEqualTo(seal(HERE));
    }

    /// As in a copied machine: no two messages share key and nonce, and only equal ones are equal.
    @Test
    void seal_withAGeneratorThatRepeatsItself_neverGivesTwoMessagesOneSalt() throws OpenException {
        RandomSource stuck = target -> Arrays.fill(target, (byte) 7);
        Map<String, String> messages = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            Label label = i % 3 == 0 ? Label.CHUNK : Label.COMMIT;
            byte[] plain = {(byte) (i % 50)};
            byte[] place = {(byte) (label == Label.CHUNK ? i % 50 : i % 2)}; // a chunk's place names its content
            byte[] sealed = new byte[Sealing.sealedSize(plain.length)];
            Sealing.seal(key, label, place, Slice.of(plain), sealed, 0, stuck);
            assertThat(Sealing.open(key, label, place, sealed)).isEqualTo(plain);
            String salt = Bytes.of(sealed, 0, ChunkedEncryption.SALT_SIZE).hex();
            String message = label + " " + place[0] + " " + plain[0];
            assertThat(messages.merge(salt, message, (one, _) -> one)).as("whose salt that is").isEqualTo(message);
        }
        assertThat(messages).hasSize(100);
    }

    @Test
    void open_refusesAnotherKeyLabelOrContext() {
        byte[] sealed = seal(random.bytes(100));
        refused(random.secret(), Label.CHUNK, HERE, sealed);
        refused(key, Label.PACK_INDEX, HERE, sealed);
        refused(key, Label.CHUNK, new byte[] {1, 2, 4}, sealed);
        refused(key, Label.CHUNK, new byte[] {1, 2}, sealed);
        refused(key, Label.CHUNK, new byte[0], sealed);
    }

    @Test
    void open_refusesEveryFlippedBitOfAShortMessage() {
        byte[] sealed = seal(random.bytes(20));
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] altered = sealed.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            refused(altered);
        }
    }

    @Test
    void open_refusesEveryCutAndEveryExtension() {
        byte[] sealed = seal(random.bytes(20));
        for (int size = 0; size < sealed.length; size++) {
            refused(Arrays.copyOf(sealed, size));
        }
        for (int more = 1; more < 40; more++) {
            refused(Arrays.copyOf(sealed, sealed.length + more));
        }
    }

    @Test
    void open_refusesSegmentsSwappedRepeatedOrLeftOut() {
        int segment = ChunkedEncryption.SEALED_SEGMENT_SIZE;
        int first = ChunkedEncryption.PREFIX_SIZE;
        byte[] sealed = seal(random.bytes(3 * 16_384 + 5));
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, first, swapped, first + segment, segment);
        System.arraycopy(sealed, first + segment, swapped, first, segment);
        refused(swapped);
        byte[] repeated = sealed.clone();
        System.arraycopy(sealed, first, repeated, first + segment, segment);
        refused(repeated);
        byte[] leftOut = Arrays.copyOf(sealed, sealed.length - segment);
        System.arraycopy(sealed, first + segment, leftOut, first, sealed.length - first - segment);
        refused(leftOut);
        refused(Arrays.copyOf(sealed, first + 2 * segment));
    }

    @Test
    void open_failingLateLeavesNoPlaintextBehind() {
        byte[] sealed = seal(random.bytes(40_000));
        sealed[sealed.length - 1] ^= 1;
        byte[] out = random.bytes(41_000);
        byte[] before = out.clone();
        assertThatThrownBy(() -> Sealing.open(key, Label.CHUNK, HERE, Slice.of(sealed), out, 500))
                .isInstanceOf(OpenException.class);
        assertThat(Arrays.copyOfRange(out, 500, 40_500)).containsOnly(0);
        assertThat(Arrays.copyOf(out, 500)).isEqualTo(Arrays.copyOf(before, 500));
        assertThat(Arrays.copyOfRange(out, 40_500, 41_000)).isEqualTo(Arrays.copyOfRange(before, 40_500, 41_000));
    }

    @Test
    void sealAndOpen_workInsideLargerArrays() throws OpenException {
        byte[] plaintext = random.bytes(20_000);
        byte[] out = new byte[30_000];
        int size = Sealing.seal(key, Label.COMMIT, HERE, new Slice(plaintext, 100, 19_000), out, 77);
        byte[] opened = new byte[19_100];
        int length = Sealing.open(key, Label.COMMIT, HERE, new Slice(out, 77, size), opened, 50);
        assertThat(length).isEqualTo(19_000);
        assertThat(Arrays.copyOfRange(opened, 50, 19_050)).isEqualTo(Arrays.copyOfRange(plaintext, 100, 19_100));
    }

    /// The sizes that no message has, from the formula of the specification.
    @Test
    void plaintextSize_knowsSizesThatNoMessageHas() {
        for (int size : new int[] {0, 55, 56, 71, 56 + 16_400, 56 + 16_400 + 15, 56 + 2 * 16_400 + 1}) {
            assertThat(Sealing.plaintextSize(size)).as("size %d", size).isEqualTo(-1);
        }
        assertThat(Sealing.plaintextSize(72)).isZero();
        assertThat(Sealing.plaintextSize(56 + 16_400 + 16)).isEqualTo(16_384);
    }

    /// A message that is right under one key must not be right under another, whatever the attacker knows: the
    /// commitment changes with the key, and it is checked.
    @Test
    void open_refusesAMessageWhoseSegmentsFitTwoKeysButWhoseCommitmentFitsOne() {
        try (Secret other = random.secret()) {
            byte[] salt = random.bytes(24);
            byte[] context = Label.CHUNK.bind(HERE);
            byte[] mine = ChunkedEncryption.derive(key.open(), salt, context);
            byte[] others = ChunkedEncryption.derive(other.open(), salt, context);
            assertThat(Arrays.copyOfRange(mine, 44, 76)).isNotEqualTo(Arrays.copyOfRange(others, 44, 76));
            byte[] sealed = new byte[Sealing.sealedSize(3)];
            ChunkedEncryption.seal(key.open(), salt, context, Slice.of(HERE), Slice.of(sealed));
            byte[] mixed = sealed.clone();
            System.arraycopy(others, 44, mixed, 24, 32);
            refused(mixed);
            refused(other, Label.CHUNK, HERE, mixed);
        }
    }

    @Test
    void openException_saysIntegrityAndNothingElse() {
        OpenException e = new OpenException();
        assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY);
        assertThat(e.details()).isEmpty();
    }
}
