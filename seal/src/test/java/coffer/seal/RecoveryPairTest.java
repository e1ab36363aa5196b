package coffer.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecoveryPairTest {

    @Test
    void twoWords_areToldFromAllOthers() {
        try (RecoveryKey key = RecoveryKey.generate(RandomSource.secure())) {
            List<String> words = key.words();
            RecoveryPair pair = RecoveryPair.of(key, RandomSource.secure());
            String first = words.get(pair.first() - 1);
            String second = words.get(pair.second() - 1);
            String other = first.equals("zoo") || second.equals("zoo") ? "abandon" : "zoo";
            assertThat(pair.matches(first, second)).isTrue();
            assertThat(pair.matches(other, second)).isFalse();
            assertThat(pair.matches(first, other)).isFalse();
            assertThat(pair.matches(second, first)).isEqualTo(first.equals(second));
            assertThat(pair.matches("", "")).isFalse();
            assertThat(new RecoveryPair(pair.first(), pair.second(), pair.salt(), pair.hash()).matches(first, second)).isTrue();
            assertThat(pair).hasToString("[redacted]");
        }
    }

    /// Homes of several devices, or of one that was made again, must not tell more words than one of them.
    @Test
    void thePlaces_areTheSameForAllDevicesOfAnAccount_andTheSaltIsNot() {
        try (RecoveryKey key = RecoveryKey.generate(RandomSource.secure())) {
            RecoveryPair one = RecoveryPair.of(key, RandomSource.secure());
            RecoveryPair two = RecoveryPair.of(key, RandomSource.secure());
            assertThat(two.first()).isEqualTo(one.first());
            assertThat(two.second()).isEqualTo(one.second());
            assertThat(two.salt()).isNotEqualTo(one.salt());
            assertThat(two.hash()).isNotEqualTo(one.hash());
        }
    }

    @Test
    void thePlaces_areTwoOfAll_andAnyOfThem() {
        Random random = new Random(1);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            byte[] id = new byte[DeviceId.SIZE];
            random.nextBytes(id);
            int[] places = RecoveryPair.places(new DeviceId(Bytes.of(id)));
            assertThat(places[0]).isBetween(1, places[1] - 1);
            assertThat(places[1]).isLessThanOrEqualTo(RecoveryKey.WORD_COUNT);
            seen.add(places[0]);
            seen.add(places[1]);
        }
        assertThat(seen).hasSize(RecoveryKey.WORD_COUNT);
    }

    @Test
    void placesThatCannotBe_areRefused() {
        Bytes salt = Bytes.of(new byte[RecoveryPair.SALT_SIZE]);
        Bytes hash = Bytes.of(new byte[RecoveryPair.HASH_SIZE]);
        for (int[] places : new int[][] {{0, 1}, {2, 2}, {3, 2}, {24, 25}}) {
            assertThatThrownBy(() -> new RecoveryPair(places[0], places[1], salt, hash)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new RecoveryPair(1, 2, hash, hash)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RecoveryPair(1, 2, salt, salt)).isInstanceOf(IllegalArgumentException.class);
    }
}
