package coffer.seal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The recovery key: 256 random bits that a person keeps on paper as 24 words of the BIP-39 English list, whose last
/// word carries an 8-bit checksum. Whoever has it is the account. Close it when done.
///
/// It derives the same two key pairs that a device has, so to the logs it is a device made of paper. The words pass
/// through strings, which cannot be zeroed; let go of them soon.
public final class RecoveryKey implements AutoCloseable {

    public static final int WORD_COUNT = 24;

    private static final int BITS_PER_WORD = 11;

    private final Secret secret;

    private RecoveryKey(Secret secret) {
        this.secret = secret;
    }

    public static RecoveryKey generate(RandomSource random) {
        return new RecoveryKey(Secret.random(random));
    }

    /// The 24 words, lower-case.
    public List<String> words() {
        byte[] bits = Arrays.copyOf(secret.open(), Secret.SIZE + 1);
        bits[Secret.SIZE] = checksum(secret.open());
        List<String> words = new ArrayList<>(WORD_COUNT);
        for (int i = 0; i < WORD_COUNT; i++) {
            words.add(WordList.word(readBits(bits, i * BITS_PER_WORD)));
        }
        Arrays.fill(bits, (byte) 0);
        return List.copyOf(words);
    }

    /// Reads 24 words separated by white space, commas or the numbers of a written list, in any case.
    public static RecoveryKey parse(String words) throws RecoveryWordsException {
        List<String> split = split(words);
        byte[] bits = new byte[Secret.SIZE + 1];
        byte[] entropy = new byte[0];
        try {
            for (int i = 0; i < Math.min(split.size(), WORD_COUNT); i++) {
                int index = WordList.index(split.get(i));
                if (index < 0) {
                    throw RecoveryWordsException.unknownWord(i + 1);
                }
                writeBits(bits, i * BITS_PER_WORD, index);
            }
            if (split.size() != WORD_COUNT) {
                throw RecoveryWordsException.wrongCount(split.size());
            }
            entropy = Arrays.copyOf(bits, Secret.SIZE);
            if (bits[Secret.SIZE] != checksum(entropy) || isZero(entropy)) {
                throw RecoveryWordsException.wrongChecksum();
            }
            return new RecoveryKey(Secret.of(entropy));
        } finally {
            Arrays.fill(bits, (byte) 0);
            Arrays.fill(entropy, (byte) 0);
        }
    }

    /// The key pairs; the caller closes them.
    public DeviceKeys deviceKeys() {
        byte[] context = KeyContext.constant();
        return DeviceKeys.ofSeeds(
                secret.derive(Label.RECOVERY_SIGN, context), secret.derive(Label.RECOVERY_WRAP, context));
    }

    @Override
    public void close() {
        secret.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }

    private static List<String> split(String words) {
        List<String> split = new ArrayList<>();
        for (String part : words.toLowerCase(Locale.ROOT).split("[\\s,.;:0-9]+", -1)) {
            if (!part.isEmpty()) {
                split.add(part);
            }
        }
        return split;
    }

    private static byte checksum(byte[] entropy) {
        return coffer.core.Hash.digest().digest(entropy)[0];
    }

    /// All zero is nobody's random key, though its words have a right checksum.
    private static boolean isZero(byte[] entropy) {
        int bits = 0;
        for (byte b : entropy) {
            bits |= b;
        }
        return bits == 0;
    }

    private static int readBits(byte[] bits, int from) {
        int value = 0;
        for (int i = from; i < from + BITS_PER_WORD; i++) {
            int bit = (bits[i >>> 3] >>> (7 - (i & 7))) & 1;
            value = (value << 1) | bit;
        }
        return value;
    }

    private static void writeBits(byte[] bits, int from, int value) {
        for (int i = 0; i < BITS_PER_WORD; i++) {
            int position = from + i;
            int bit = (value >>> (BITS_PER_WORD - 1 - i)) & 1;
            bits[position >>> 3] |= (byte) (bit << (7 - (position & 7)));
        }
    }
}
