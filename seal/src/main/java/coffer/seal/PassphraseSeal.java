package coffer.seal;

import coffer.core.Bytes;
import coffer.core.CborException;
import coffer.core.CborReader;
import coffer.core.CborWriter;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// What lies in a device's own file, sealed under a passphrase that a person types (docs/spec/keys.md, "Device secrets at rest").
///
/// The cost stands beside the sealed bytes and is part of what they are bound to. What is read is held to limits both ways before
/// anything is derived: less would be cheap to try passphrases against, more would keep the machine busy.
///
/// @param memoryKib memory that one derivation takes
/// @param passes    over that memory
/// @param lanes     of it
/// @param salt      16 random bytes
/// @param sealed    under the derived key, by [Sealing]
public record PassphraseSeal(int memoryKib, int passes, int lanes, Bytes salt, Bytes sealed) {

    public static final int SALT_SIZE = 16;
    public static final int SEALED_SIZE_MAX = 4_096;

    /// Characters of the shortest passphrase that is taken for a new one.
    public static final int CHARACTERS_MIN = 8;

    /// Characters of the longest.
    public static final int CHARACTERS_MAX = 1_024;

    /// The second choice that RFC 9106 recommends, for machines with little memory.
    static final int MEMORY_KIB = 64 * 1024;

    static final int PASSES = 3;
    static final int LANES = 4;

    static final int MEMORY_KIB_MAX = 256 * 1024;
    static final int PASSES_MAX = 10;
    static final int LANES_MAX = 16;

    public PassphraseSeal {
        if (memoryKib < MEMORY_KIB || memoryKib > MEMORY_KIB_MAX || passes < PASSES || passes > PASSES_MAX || lanes < 1
                || lanes > LANES_MAX || salt.size() != SALT_SIZE || sealed.size() > SEALED_SIZE_MAX) {
            throw new IllegalArgumentException("not something sealed under a passphrase");
        }
    }

    public static PassphraseSeal seal(String passphrase, byte[] secrets, RandomSource random) {
        Bytes salt = Bytes.of(random.bytes(SALT_SIZE));
        PassphraseSeal cost = new PassphraseSeal(MEMORY_KIB, PASSES, LANES, salt, Bytes.EMPTY);
        try (Secret key = cost.derive(passphrase)) {
            byte[] sealed = new byte[Sealing.sealedSize(secrets.length)];
            Sealing.seal(key, Label.DEVICE_FILE, cost.context(), Slice.of(secrets), sealed, 0, random);
            return new PassphraseSeal(MEMORY_KIB, PASSES, LANES, salt, Bytes.of(sealed));
        } catch (OpenException e) {
            throw new IllegalStateException("Argon2id gave nothing but zeros", e);
        }
    }

    /// What was sealed; the caller zeroes it. One failure for a wrong passphrase and for changed bytes: they cannot be told apart.
    public byte[] open(String passphrase) throws OpenException {
        try (Secret key = derive(passphrase)) {
            return Sealing.open(key, Label.DEVICE_FILE, context(), sealed.toArray());
        }
    }

    /// One text may be typed as several sequences of characters, on other keyboards; NFC makes them one.
    private Secret derive(String passphrase) throws OpenException {
        Argon2BytesGenerator argon = new Argon2BytesGenerator();
        argon.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt.toArray())
                .build());
        byte[] text = Normalizer.normalize(passphrase, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
        byte[] derived = new byte[Secret.SIZE];
        try {
            argon.generateBytes(text, derived);
            return Secret.ofOpened(derived);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }

    private byte[] context() {
        return new CborWriter().array(4).integer(memoryKib).integer(passes).integer(lanes).bytes(salt).toByteArray();
    }

    /// Five items, for an array of the caller's.
    public void write(CborWriter out) {
        out.integer(memoryKib).integer(passes).integer(lanes).bytes(salt).bytes(sealed);
    }

    /// Reads what [#write] wrote; refuses a cost beyond the limits.
    public static PassphraseSeal read(CborReader in) throws CborException {
        int memoryKib = (int) in.integer(MEMORY_KIB, MEMORY_KIB_MAX);
        int passes = (int) in.integer(PASSES, PASSES_MAX);
        int lanes = (int) in.integer(1, LANES_MAX);
        Bytes salt = in.bytesOf(SALT_SIZE);
        return new PassphraseSeal(memoryKib, passes, lanes, salt, Bytes.of(in.bytes(SEALED_SIZE_MAX)));
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
