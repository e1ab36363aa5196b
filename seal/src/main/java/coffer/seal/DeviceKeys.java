package coffer.seal;

import coffer.core.DeviceRecord;
import coffer.core.SigningKey;
import java.util.Arrays;

/// The two key pairs of a device: it signs with one, and secrets are wrapped to the other. Made on the device, never
/// leave it; 64 secret bytes in all. Close it when done.
public final class DeviceKeys implements AutoCloseable {

    /// Bytes of [#encodeSecrets].
    public static final int SECRETS_SIZE = 2 * Secret.SIZE;

    private final Secret signingSeed;
    private final Secret wrapSeed;
    private final SigningKey signingKey;
    private final WrapKeys wrapKeys;

    private DeviceKeys(Secret signingSeed, Secret wrapSeed) {
        this.signingSeed = signingSeed;
        this.wrapSeed = wrapSeed;
        this.signingKey = SigningKey.ofSeed(signingSeed.open());
        this.wrapKeys = WrapKeys.of(wrapSeed);
    }

    public static DeviceKeys generate(RandomSource random) {
        return new DeviceKeys(Secret.random(random), Secret.random(random));
    }

    /// Takes over both seeds and closes them with itself.
    static DeviceKeys ofSeeds(Secret signingSeed, Secret wrapSeed) {
        return new DeviceKeys(signingSeed, wrapSeed);
    }

    /// Reads what [#encodeSecrets] wrote; the caller zeroes `encoded`.
    public static DeviceKeys decodeSecrets(byte[] encoded) {
        if (encoded.length != SECRETS_SIZE) {
            throw new IllegalArgumentException("the secrets of a device have 64 bytes");
        }
        byte[] signing = Arrays.copyOf(encoded, Secret.SIZE);
        byte[] wrap = Arrays.copyOfRange(encoded, Secret.SIZE, SECRETS_SIZE);
        try {
            return new DeviceKeys(Secret.of(signing), Secret.of(wrap));
        } finally {
            Arrays.fill(signing, (byte) 0);
            Arrays.fill(wrap, (byte) 0);
        }
    }

    /// Signing seed || wrap seed, for the device's own key file; the caller zeroes it.
    public byte[] encodeSecrets() {
        byte[] encoded = Arrays.copyOf(signingSeed.open(), SECRETS_SIZE);
        System.arraycopy(wrapSeed.open(), 0, encoded, Secret.SIZE, Secret.SIZE);
        return encoded;
    }

    /// The public half.
    public DeviceRecord record() {
        return new DeviceRecord(signingKey.verifyKey(), wrapKeys.publicKey());
    }

    /// Closed with this.
    public SigningKey signingKey() {
        return signingKey;
    }

    /// Closed with this.
    public WrapKeys wrapKeys() {
        return wrapKeys;
    }

    @Override
    public void close() {
        signingSeed.close();
        wrapSeed.close();
        signingKey.close();
        wrapKeys.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
