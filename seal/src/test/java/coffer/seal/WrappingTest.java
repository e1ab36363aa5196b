package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WrappingTest {

    private final FixedRandom random = new FixedRandom(30);
    private final WrapKeys keys = WrapKeys.of(random.secret());
    private final WrapContext context = new WrapContext(
            Label.WRAP_EPOCH,
            Bytes.of(random.bytes(32)),
            7,
            DeviceId.of(random.bytes(32)),
            Bytes.of(random.bytes(32)),
            2,
            3);

    @Test
    void unwrapSecret_givesBackWhatWasWrapped() throws OpenException {
        try (Secret secret = random.secret()) {
            byte[] wrapped = Wrapping.wrapSecret(keys.publicKey(), context, secret);
            assertThat(wrapped).hasSize(1_168);
            try (Secret same = Wrapping.unwrapSecret(keys, context, wrapped)) {
                assertThat(same.matches(secret)).isTrue();
            }
        }
    }

    @Test
    void unwrapSecret_refusesEveryOtherContext() {
        byte[] wrapped = Wrapping.wrapSecret(keys.publicKey(), context, random.secret());
        Bytes other = Bytes.of(random.bytes(32));
        List<WrapContext> others = List.of(
                new WrapContext(Label.WRAP_GENERATION, context.logId(), 7, context.sender(), context.recipient(), 2, 3),
                new WrapContext(Label.WRAP_EPOCH, other, 7, context.sender(), context.recipient(), 2, 3),
                new WrapContext(Label.WRAP_EPOCH, Bytes.EMPTY, 7, context.sender(), context.recipient(), 2, 3),
                new WrapContext(Label.WRAP_EPOCH, context.logId(), 8, context.sender(), context.recipient(), 2, 3),
                new WrapContext(Label.WRAP_EPOCH, context.logId(), 7, new DeviceId(other), context.recipient(), 2, 3),
                new WrapContext(Label.WRAP_EPOCH, context.logId(), 7, context.sender(), other, 2, 3),
                new WrapContext(Label.WRAP_EPOCH, context.logId(), 7, context.sender(), context.recipient(), 1, 3),
                new WrapContext(Label.WRAP_EPOCH, context.logId(), 7, context.sender(), context.recipient(), 2, 4));
        for (WrapContext wrong : others) {
            assertThatThrownBy(() -> Wrapping.unwrapSecret(keys, wrong, wrapped)).isInstanceOf(OpenException.class);
        }
    }

    @Test
    void unwrap_refusesAnotherKeyAndEveryChangedByte() {
        byte[] wrapped = Wrapping.wrapSecret(keys.publicKey(), context, random.secret());
        try (WrapKeys other = WrapKeys.of(random.secret())) {
            assertThatThrownBy(() -> Wrapping.unwrapSecret(other, context, wrapped)).isInstanceOf(OpenException.class);
        }
        for (int i = 0; i < wrapped.length; i += i > 1_050 ? 1 : 13) {
            byte[] altered = wrapped.clone();
            altered[i] ^= (byte) (1 << i % 8);
            // X25519 ignores the top bit of a public key, but the KEM hashes the exact bytes.
            assertThatThrownBy(() -> Wrapping.unwrapSecret(keys, context, altered)).isInstanceOf(OpenException.class);
        }
    }

    @Test
    void unwrap_refusesEveryOtherSize() {
        byte[] info = {1};
        byte[] wrapped = Wrapping.wrap(keys.publicKey(), info, new byte[0]);
        for (int size = 0; size < wrapped.length; size += size < 1_100 ? 97 : 1) {
            byte[] cut = Arrays.copyOf(wrapped, size);
            assertThatThrownBy(() -> Wrapping.unwrap(keys, info, cut)).isInstanceOf(OpenException.class);
        }
        assertThatThrownBy(() -> Wrapping.unwrap(keys, info, new byte[1 << 20])).isInstanceOf(OpenException.class);
    }

    @Test
    void unwrap_refusesAnEncapsulationWithTheZeroPoint() {
        byte[] wrapped = Wrapping.wrap(keys.publicKey(), new byte[0], new byte[32]);
        Arrays.fill(wrapped, 1_088, 1_120, (byte) 0);
        assertThatThrownBy(() -> Wrapping.unwrap(keys, new byte[0], wrapped)).isInstanceOf(OpenException.class);
    }

    @Test
    void unwrapSecret_refusesWhatIsNoSecret() {
        byte[] zero = Wrapping.wrap(keys.publicKey(), context.encode(), new byte[32]);
        assertThatThrownBy(() -> Wrapping.unwrapSecret(keys, context, zero)).isInstanceOf(OpenException.class);
        byte[] shorter = Wrapping.wrap(keys.publicKey(), context.encode(), new byte[] {1});
        assertThatThrownBy(() -> Wrapping.unwrapSecret(keys, context, shorter)).isInstanceOf(OpenException.class);
    }

    @Test
    void isPublicKey_refusesOtherSizesAndCoefficientsOutOfRange() {
        assertThat(Wrapping.isPublicKey(keys.publicKey())).isTrue();
        assertThat(Wrapping.isPublicKey(Bytes.EMPTY)).isFalse();
        assertThat(Wrapping.isPublicKey(Bytes.of(keys.publicKey().toArray(), 0, 1_215))).isFalse();
        byte[] tooLarge = keys.publicKey().toArray();
        Arrays.fill(tooLarge, 0, 3, (byte) 0xff);
        assertThat(Wrapping.isPublicKey(Bytes.of(tooLarge))).isFalse();
    }

    @Test
    void wrapKeys_areAFunctionOfTheSeed() {
        try (Secret seed = keys.seed();
                WrapKeys again = WrapKeys.of(seed)) {
            assertThat(again.publicKey()).isEqualTo(keys.publicKey());
        }
    }
}
