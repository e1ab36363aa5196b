package coffer.seal;

import coffer.core.Bytes;
import coffer.core.DeviceId;
import coffer.core.Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// What a device keeps so that it can tell whether two of the 24 recovery words are right.
///
/// Who has this can find those two words by trying 2^22 pairs, and no others: of the 256 bits 234 stay unknown. Which two they are
/// follows from the recovery key, so that all devices of an account keep the same two, and several homes tell no more than one.
///
/// @param first  place of a word, from 1
/// @param second place of another, after the first
/// @param salt   16 random bytes
/// @param hash   Argon2id of both words
public record RecoveryPair(int first, int second, Bytes salt, Bytes hash) {

    public static final int SALT_SIZE = 16;
    public static final int HASH_SIZE = 32;

    /// What RFC 9106 and common advice take for the least: a fraction of a second, and a heap that is not noticed.
    private static final int MEMORY_KIB = 19 * 1024;

    private static final int PASSES = 2;

    public RecoveryPair {
        if (first < 1 || second <= first || second > RecoveryKey.WORD_COUNT || salt.size() != SALT_SIZE || hash.size() != HASH_SIZE) {
            throw new IllegalArgumentException("not two words of a recovery key");
        }
    }

    public static RecoveryPair of(RecoveryKey key, RandomSource random) {
        List<String> words = key.words();
        Bytes salt = Bytes.of(random.bytes(SALT_SIZE));
        try (DeviceKeys paper = key.deviceKeys()) {
            int[] places = places(paper.record().id());
            String pair = words.get(places[0] - 1) + " " + words.get(places[1] - 1);
            return new RecoveryPair(places[0], places[1], salt, hash(pair, salt));
        }
    }

    /// The two places, from 1, in order.
    static int[] places(DeviceId recovery) {
        byte[] hash = Hash.of(("coffer recovery pair " + recovery.hex()).getBytes(StandardCharsets.US_ASCII)).toArray();
        int one = Byte.toUnsignedInt(hash[0]) % RecoveryKey.WORD_COUNT;
        int other = (one + 1 + Byte.toUnsignedInt(hash[1]) % (RecoveryKey.WORD_COUNT - 1)) % RecoveryKey.WORD_COUNT;
        return new int[] {Math.min(one, other) + 1, Math.max(one, other) + 1};
    }

    /// Whether these are the words at the two places, in order.
    public boolean matches(String one, String other) {
        return MessageDigest.isEqual(hash.toArray(), hash(one + " " + other, salt).toArray());
    }

    private static Bytes hash(String pair, Bytes salt) {
        Argon2BytesGenerator argon = new Argon2BytesGenerator();
        argon.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(MEMORY_KIB)
                .withIterations(PASSES)
                .withParallelism(1)
                .withSalt(salt.toArray())
                .build());
        byte[] hash = new byte[HASH_SIZE];
        byte[] text = pair.getBytes(StandardCharsets.US_ASCII);
        argon.generateBytes(text, hash);
        Arrays.fill(text, (byte) 0);
        return Bytes.of(hash);
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
